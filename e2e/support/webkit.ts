import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { test } from "@playwright/test";
import { Builder, By, Capabilities, error, Key, type WebDriver, type WebElement } from "selenium-webdriver";
import { findWebKit } from "../../scripts/browsers.mjs";

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/** The first display number that Xvfb takes; it writes it on file descriptor 3. */
async function startScreen(xvfb: string): Promise<{ display: string; stop(): void }> {
  const screen = spawn(xvfb, ["-displayfd", "3", "-screen", "0", "1440x1400x24", "-nolisten", "tcp"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const display = await new Promise<string>((resolve, reject) => {
    screen.stdio[3]?.once("data", (chunk: Buffer) => resolve(`:${chunk.toString().trim()}`));
    screen.once("error", reject);
    screen.once("exit", () => reject(new Error("Xvfb ended before it had a display")));
  });
  return { display, stop: () => screen.kill() };
}

async function startDriver(driver: string, display: string): Promise<{ url: string; stop(): void }> {
  const port = await freePort();
  const server = spawn(driver, [`--port=${port}`], { stdio: "ignore", env: { ...process.env, DISPLAY: display } });
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; attempt < 300; attempt++) {
    const answer = await fetch(`${url}/status`, { signal: AbortSignal.timeout(60_000) }).catch(() => null);
    if (answer !== null) return { url, stop: () => server.kill() };
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  server.kill();
  throw new Error("WebKitWebDriver did not answer within a minute");
}

async function keepScreenshot(browser: WebDriver): Promise<void> {
  const body = Buffer.from(await browser.takeScreenshot(), "base64");
  await writeFile(test.info().outputPath("screen.png"), body);
}

/** Runs `journey` in WebKitGTK's MiniBrowser on a screen of its own, and leaves nothing running. */
export async function withWebKit(journey: (browser: WebDriver) => Promise<void>): Promise<void> {
  const parts = findWebKit();
  if (parts === undefined || !("driver" in parts))
    throw new Error("WebKitGTK's driver, its MiniBrowser or Xvfb is missing");
  const screen = await startScreen(parts.xvfb);
  try {
    const driver = await startDriver(parts.driver, screen.display);
    try {
      const capabilities = new Capabilities();
      capabilities.set("browserName", "MiniBrowser");
      capabilities.set("webkitgtk:browserOptions", { binary: parts.miniBrowser, args: ["--automation"] });
      const browser = await new Builder().usingServer(driver.url).withCapabilities(capabilities).build();
      try {
        // Its clicks land where an element is before the page scrolls: everything has to be on the screen.
        await browser.manage().window().setRect({ x: 0, y: 0, width: 1440, height: 1400 });
        await journey(browser);
      } catch (cause) {
        // A browser that has crashed has no picture of it, and the journey's own error is the one to read.
        await keepScreenshot(browser).catch(() => undefined);
        throw cause;
      } finally {
        await browser.quit();
      }
    } finally {
      driver.stop();
    }
  } finally {
    screen.stop();
  }
}

/** Clicks in the designer's frame once that is as high as its content: what has to be scrolled to is missed. */
export async function press(browser: WebDriver, target: WebElement): Promise<void> {
  const fits = "return document.documentElement.scrollHeight <= innerHeight";
  await browser.wait(() => browser.executeScript<boolean>(fits), 30_000);
  await browser.executeScript(
    `const target = arguments[0];
     window.lastClicked = null;
     target.addEventListener("click", () => { window.lastClicked = target; }, { capture: true, once: true });`,
    target,
  );
  await target.click();
  const isHit = "return window.lastClicked === arguments[0]";
  const wasHit = await browser.executeScript<boolean>(isHit, target).catch((reason: unknown) => {
    // What the click has taken off the page was hit.
    if (reason instanceof error.StaleElementReferenceError) return true;
    throw reason;
  });
  if (!wasHit) throw new Error("the click missed");
}

/** Selects what is in a number field of the designer, types over it and presses Enter; answers what stands there then. */
export async function typeNumber(browser: WebDriver, name: string, text: string): Promise<string> {
  const field = await browser.findElement(By.css(`[role=spinbutton][aria-label^="${name} "]`));
  // Control is let go at the end of a call.
  await field.sendKeys(Key.chord(Key.CONTROL, "a"));
  await field.sendKeys(text, Key.ENTER);
  return String(await browser.executeScript("return arguments[0].value", field));
}

/** The button with exactly this text. */
export function button(text: string): By {
  return By.xpath(`//button[normalize-space(.)="${text}"]`);
}
