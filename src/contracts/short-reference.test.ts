import fc from "fast-check";
import { expect, it } from "vitest";
import { idStartOf, readShortReference, shortReference } from "./short-reference.ts";

const id = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((bytes) => `sub_${Buffer.from(bytes).toString("base64url")}`);

it("is eight digits and letters that cannot be mistaken, and is found again from them, however they are written", () => {
  fc.assert(
    fc.property(id, (submissionId) => {
      const short = shortReference(submissionId);
      expect(short).toMatch(/^[0-9A-HJKMNP-TV-Z]{4} [0-9A-HJKMNP-TV-Z]{4}$/);
      expect(submissionId.startsWith(idStartOf(short))).toBe(true);
      const heard = short.toLowerCase().replaceAll("0", "o").replaceAll("1", "l").replace(" ", "-");
      expect(readShortReference(heard)).toBe(short);
    }),
  );
});

it("is the id's first forty bits", () => {
  const bytes = Buffer.from([0x84, 0x65, 0x3a, 0x56, 0xd7, ...Buffer.alloc(11)]);
  expect(shortReference(`sub_${bytes.toString("base64url")}`)).toBe("GHJK MNPQ");
  expect(shortReference("sub-1"), "what is not of our form").toBe("sub-1");
  for (const text of ["", "GHJK MNP", "GHJKMNPU", `sub_${bytes.toString("base64url")}`])
    expect(readShortReference(text)).toBeNull();
});
