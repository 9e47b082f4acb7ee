import { flushSync } from "react-dom";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createStore, type StoreApi } from "zustand/vanilla";
import "../styles/tokens.css";
import "../styles/base.css";
import { createImageClient, type ImageClient } from "#image/client.ts";
import { pageTransport } from "../api/request.ts";
import { createFirstFlow, type WaitingFlow } from "../flow/first-flow.ts";
import { createFlowState } from "../flow/flow-state.ts";
import { en as firstScreen } from "../locales/first-screen/en.ts";
import { firstTexts } from "../locales/first-texts.ts";
import { chooseLocale } from "../locales/locale.ts";
import { createTranslate } from "../locales/text.tsx";
import { onAnnounce } from "../ui/LiveRegion.tsx";
import { App } from "./App.tsx";
import type { AppState } from "./start.ts";
import { studioPart } from "./studio-part.ts";
import { makePhoto, product } from "./testing/mount-designer.tsx";

const rest = vi.hoisted(() => {
  const gate = { open: (): void => {} };
  const loaded = new Promise<void>((resolve) => {
    gate.open = resolve;
  });
  return { loaded, load: () => gate.open() };
});
vi.mock("./studio.ts", async (importOriginal) => {
  await rest.loaded;
  return importOriginal();
});

const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
/** Takes up its work when the test says so. */
const worker = { begun, begin };

const locale = chooseLocale("en");
let app: StoreApi<AppState>;
let first: WaitingFlow;
let root: Root;
let image: ImageClient;
let sentences: string[];
let stopListening: () => void;

beforeEach(() => {
  first = createFirstFlow(createFlowState(null));
  const now = { phase: "open", product, issuerName: "Harbour Bank", flow: first } as const;
  const firstLocale = { ...locale, messages: { ...firstTexts.en, ...firstScreen } };
  app = createStore<AppState>()(() => ({ now, locale: firstLocale, options: {}, reportHeight: null }));
  root = createRoot(document.body.appendChild(document.createElement("div")));
  sentences = [];
  stopListening = onAnnounce((sentence) => sentences.push(sentence));
  flushSync(() => root.render(<App app={app} />));
});
afterEach(() => {
  stopListening();
  root.unmount();
  image.close();
  document.body.replaceChildren();
});

const heading = (): string => document.querySelector("h1")?.textContent ?? "";
const text = (): string => document.querySelector("main")?.textContent ?? "";
const input = () => document.querySelector<HTMLInputElement>("input[type=file]:not([capture])");

/** As when the rest of the designer has been loaded. */
async function loadRest(): Promise<void> {
  rest.load();
  const studio = await studioPart.load();
  const never = () => Promise.reject(new Error("not asked"));
  const access = { sessionId: "s1", open: never, withToken: never };
  const client = createImageClient();
  image = { ...client, openPhoto: (...job) => worker.begun.then(() => client.openPhoto(...job)) };
  const wording = () => ({ t: createTranslate(locale), language: locale.language });
  const { state } = first;
  const transport = pageTransport;
  const link = { host: { send: () => {}, onOver: () => {} }, access, transport, image, emit: () => {} };
  const about = { product, issuerName: "Harbour Bank" };
  app.setState({ now: first.handOver(() => studio.open(about, { ...link, state, wording })), locale });
}

function bring(...files: File[]): DataTransfer {
  const transfer = new DataTransfer();
  for (const file of files) transfer.items.add(file);
  return transfer;
}

it("takes a photo before the rest of the designer is there, loses nothing of it, and leaves screen and focus as they are", async () => {
  expect(heading()).toBe("Start with a photo");
  expect(document.body.textContent, "there is a text for all").not.toMatch(/\b[a-z]+\.[a-z-]/);
  const main = document.querySelector("main");
  const over = new DragEvent("dragover", {
    dataTransfer: bring(new File([], "a.jpg")),
    bubbles: true,
    cancelable: true,
  });
  flushSync(() => main?.dispatchEvent(over));
  expect(over.defaultPrevented).toBe(true);
  await expect.poll(text).toContain("Let go to put it on your card");
  const leave = new DragEvent("dragleave", { relatedTarget: null, bubbles: true });
  flushSync(() => main?.dispatchEvent(leave));
  // In words for a mouse, which a browser without a window may find late.
  await expect.poll(text).toMatch(/Drop your photo here|Your photo goes here/);

  const link = bring();
  link.setData("text/uri-list", "https://www.example/cat.jpg");
  flushSync(() => main?.dispatchEvent(new DragEvent("drop", { dataTransfer: link, bubbles: true, cancelable: true })));
  await expect.poll(text).toContain("There was no picture in that");

  const browse = [...document.querySelectorAll("button")].find((each) => each.textContent === "Choose a photo");
  browse?.focus();
  const [picker, picked] = [input(), vi.fn()];
  picker?.addEventListener("click", (event) => {
    event.preventDefault();
    picked();
  });
  browse?.click();
  expect(picked).toHaveBeenCalledOnce();

  const photo = new File([await makePhoto(1400, 900)], "photo.jpg", { type: "image/jpeg" });
  if (picker !== null) picker.files = bring(photo).files;
  picker?.dispatchEvent(new Event("change", { bubbles: true }));
  await expect.poll(text).toContain("Opening your photo");
  expect(document.activeElement?.tagName).toBe("H1");
  expect(first.state.getState()).toMatchObject({ step: "pick", opening: true });

  const cancel = [...document.querySelectorAll("button")].find((each) => each.textContent === "Cancel");
  // It is shown a little later.
  await expect.poll(() => (cancel?.focus(), document.activeElement)).toBe(cancel);
  await loadRest();
  expect(sentences.join(), "nothing is said of what has not happened").not.toMatch(/stopped|One photo at a time/);
  await expect.poll(() => picker?.hidden).toBe(false);
  expect(input()).toBe(picker);
  expect(document.activeElement).toBe(cancel);
  worker.begin();
  await expect.poll(heading).toBe("Make it yours");
  expect(document.querySelector("main")).toBe(main);
  await expect.poll(() => sentences.at(-1)).toMatch(/^Your photo is on the card\./);
});
