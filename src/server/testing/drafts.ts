import { type Design, photoOf } from "#design/design.ts";
import { type Frame, testDesign } from "./issuer.ts";
import { makePicture, sha256Of } from "./picture.ts";

/** A photo with nothing in it but its picture; another one for each number. */
export function makePhoto(mark = 1): Buffer {
  return makePicture({ mark });
}

/** A draft of this photo, turned by so many degrees. */
export function draftOf(photo: Uint8Array, rotationDeg = 0): Design {
  const element = photoOf(testDesign)!;
  const placement = { ...element.placement, rotationDeg };
  return { ...testDesign, elements: [{ ...element, sha256: sha256Of(photo), placement }] };
}

export const putPhoto = (frame: Frame, photo: Uint8Array, name = sha256Of(photo)): Promise<Response> =>
  frame.ask(`PUT assets/${name}`, { "content-type": "image/png" }, photo);

/** `expected` is an ETag, or "none"; `submissionId` that of the submission that was made of it. */
export const putDraft = (frame: Frame, design: Design, expected: string, submissionId?: string): Promise<Response> =>
  frame.ask(
    submissionId === undefined ? "PUT draft" : `PUT draft?submissionId=${submissionId}`,
    {
      "content-type": "application/json",
      ...(expected === "none" ? { "if-none-match": "*" } : { "if-match": expected }),
    },
    JSON.stringify(design),
  );

/** Stores the photo and the draft of it. Gives the draft's ETag. */
export async function leaveDraft(frame: Frame, photo: Uint8Array = makePhoto(), expected = "none"): Promise<string> {
  const stored = [await putPhoto(frame, photo), await putDraft(frame, draftOf(photo), expected)];
  for (const answer of stored) if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return stored[1]?.headers.get("etag") ?? "";
}
