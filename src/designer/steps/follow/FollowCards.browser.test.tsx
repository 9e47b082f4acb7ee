import { type ReactNode, StrictMode } from "react";
import { flushSync } from "react-dom";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it } from "vitest";
import { products } from "#card/products.ts";
import type { SubmissionView } from "#contracts/submission.ts";
import type { Flow } from "../../flow/flow.ts";
import { type OpenSession, SessionProvider } from "../../flow/use-session.tsx";
import { createDesignStore } from "../../store/design-store.ts";
import { FollowCards } from "./FollowCards.tsx";
import { usePlatformPreview } from "./use-platform-preview.ts";

const submission: SubmissionView = {
  submissionId: "sub-1",
  state: "in-review",
  sequence: 3,
  rejectionCode: null,
  hasPreview: true,
  pictureSha256: "a".repeat(64),
  updatedAt: 1,
};
let root: Root;
/** Whoever waits for the picture, and who has left. */
let asked: { readonly answer: PromiseWithResolvers<Blob>; readonly signal: AbortSignal }[];

const readPreview: OpenSession["readPreview"] = (_id, _widthPx, signal) => {
  const answer = Promise.withResolvers<Blob>();
  asked.push({ answer, signal });
  return answer.promise;
};

const comparePictures: OpenSession["comparePictures"] = () => Promise.resolve("unclear");

function Preview({ now }: { readonly now: SubmissionView }): ReactNode {
  const preview = usePlatformPreview(now);
  return preview.kind === "there" ? <img src={preview.url} alt="" /> : preview.kind;
}

const designer = {
  phase: "open",
  product: products[0],
  issuerName: "",
  flow: {} as Flow,
  readPreview,
  comparePictures,
} as const;

function Cards(): ReactNode {
  return (
    <SessionProvider value={{ ...designer, design: createDesignStore(products[0]) }}>
      <Follow now={submission} />
    </SessionProvider>
  );
}

function Follow({ now }: { readonly now: SubmissionView }): ReactNode {
  return <FollowCards submission={now} picture={null} preview={usePlatformPreview(now)} />;
}

function show(now: SubmissionView): void {
  flushSync(() =>
    root.render(
      <StrictMode>
        <SessionProvider value={{ ...designer, design: createDesignStore(products[0]) }}>
          <Preview now={now} />
        </SessionProvider>
      </StrictMode>,
    ),
  );
}
const text = () => document.body.textContent?.trim();
const image = () => document.querySelector("img");

beforeEach(() => {
  asked = [];
  root = createRoot(document.body.appendChild(document.createElement("div")));
});
afterEach(() => {
  root.unmount();
  document.body.replaceChildren();
});

it("asks again when the status changes after it was given up, and shows the picture", async () => {
  show(submission);
  asked.at(-1)?.answer.reject(new Error("not ready"));
  await expect.poll(text).toBe("none");
  const before = asked.length;
  show({ ...submission, state: "approved", sequence: 4 });
  expect(asked.length).toBe(before + 1);
  expect(text()).toBe("waiting");
  asked.at(-1)?.answer.resolve(new Blob(["png"]));
  await expect.poll(image).not.toBeNull();
});

it("asks again when the cardholder wishes, who then stays at the card", async () => {
  flushSync(() => root.render(<Cards />));
  const button = () => document.querySelector("button");
  for (let time = 0; time < 2; time += 1) {
    asked.at(-1)?.answer.reject(new Error("not whole"));
    await expect.poll(button).not.toBeNull();
    const before = asked.length;
    button()?.focus();
    flushSync(() => button()?.click());
    await expect.poll(() => asked.length).toBe(before + 1);
    expect([button(), document.activeElement?.tagName]).toEqual([null, "FIGURE"]);
  }
  asked.at(-1)?.answer.resolve(new Blob(["png"]));
  await expect.poll(image).not.toBeNull();
});

it("asks with new patience when the status changes meanwhile, and leaves the first question", () => {
  show(submission);
  const first = asked.at(-1);
  show({ ...submission, sequence: 4 });
  expect(first?.signal.aborted).toBe(true);
  expect(asked.at(-1)?.signal.aborted).toBe(false);
});

it("asks no more once the picture is there, and keeps it through later changes", async () => {
  show(submission);
  asked.at(-1)?.answer.resolve(new Blob(["png"]));
  await expect.poll(image).not.toBeNull();
  const [url, before] = [image()?.src ?? "", asked.length];
  show({ ...submission, state: "approved", sequence: 4 });
  expect([image()?.src, asked.length]).toEqual([url, before]);
  expect(await (await fetch(url)).text()).toBe("png");
  flushSync(() => root.unmount());
  await expect(fetch(url)).rejects.toThrow();
});

it("forgets the picture, and says so, once the submission has been deleted", async () => {
  const showCards = (now: SubmissionView) =>
    flushSync(() =>
      root.render(
        <SessionProvider value={{ ...designer, design: createDesignStore(products[0]) }}>
          <Follow now={now} />
        </SessionProvider>,
      ),
    );
  showCards(submission);
  asked.at(-1)?.answer.resolve(new Blob(["png"]));
  await expect.poll(image).not.toBeNull();
  const url = image()?.src ?? "";
  showCards({ ...submission, state: "purging", hasPreview: false, sequence: 4 });
  await expect.poll(image).toBeNull();
  expect(text()).toContain("It is not shown any more.");
  await expect(fetch(url)).rejects.toThrow();
});

it("asks for nothing before there can be one", () => {
  show({ ...submission, hasPreview: false });
  expect([text(), asked.length]).toEqual(["waiting", 0]);
});
