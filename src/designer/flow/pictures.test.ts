import { expect, it } from "vitest";
import { makeDesignFile } from "../drafts/design-file.ts";
import { cardOf, otherPhoto } from "../drafts/testing/cards.ts";
import { Visit } from "./testing/visit.ts";

it("a saved copy is opened though its photo has to be mended for that, and is damaged where it has another photo", async () => {
  const kept = cardOf("#14274e");
  const visit = new Visit();
  const open = async (file: Blob) => {
    void visit.flow.openPhoto(file);
    await expect.poll(() => visit.working).toBe(true);
    // Its digest is not that of the file.
    visit.endOpening("good");
    await expect.poll(() => visit.flow.state.getState()).toMatchObject({ opening: false });
    return visit.flow.state.getState();
  };
  expect(await open(makeDesignFile({ ...kept, photo: otherPhoto }))).toMatchObject({
    step: "pick",
    notice: { code: "design-file-damaged" },
  });
  expect(visit.photosOpen.size).toBe(0);
  expect(await open(makeDesignFile(kept))).toMatchObject({ step: "design" });
  expect(visit.design.getState().design).toMatchObject({ ground: "#14274e" });
});
