import fc from "fast-check";
import { expect, test } from "vitest";
import { Problem } from "#contracts/problem.ts";
import { readPushNotification } from "./notification.ts";

const read = (body: unknown) => readPushNotification(body, ["Reference", "OTHER_FIELD"]);

const id = "6f9619ff-8b86-4011-b42d-00c04fc964ff";
const unbound = { reference: null, rejectionMemo: null, decidedAt: null };
const pending = {
  ImageId: id,
  Orientation: "Horizontal",
  ImageType: "Custom",
  ImageState: "Pending",
  RejectionCode: "00",
  SubmissionTimeStamp: "20261122003923",
  ImageCheckingTimeStamp: "",
  DataCapture: { Reference: "ABC" },
};

test("a picture that is being checked", () => {
  expect(read(pending)).toEqual({ cardImageId: id, state: "pending", rejectionCode: null, ...unbound });
});

test("an accepted picture has no rejection code, whatever the platform writes there", () => {
  const body = { ...pending, ImageState: "Accepted", RejectionCode: "00", ImageCheckingTimeStamp: "20261122004000" };
  expect(read(body)).toEqual({
    cardImageId: id,
    state: "accepted",
    rejectionMemo: null,
    rejectionCode: null,
    reference: null,
    decidedAt: Date.UTC(2026, 10, 22, 0, 40),
  });
});

test("a rejected picture brings the platform's code", () => {
  expect(read({ ...pending, ImageState: "Rejected", RejectionCode: "07" })).toEqual({
    cardImageId: id,
    state: "rejected",
    rejectionCode: "07",
    ...unbound,
  });
});

test.each(["CardImageID", "CardImageId", "ImageID", "imageId"])("the id may be called %s, in either case", (name) => {
  const { ImageId, ...rest } = pending;
  expect(read({ ...rest, [name]: ImageId.toUpperCase() }).cardImageId).toBe(id);
});

test.each<[string, object]>([
  ["a null id beside the other spelling", { ImageId: null, CardImageID: id }],
  ["an internal number beside the id", { ImageId: id, CardImageID: "12" }],
  ["an orientation that is not documented", { Orientation: "Square" }],
  ["an image type that is not documented", { ImageType: 3 }],
  ["moments in another form", { SubmissionTimeStamp: "2026-11-22T00:39:23Z", ImageCheckingTimeStamp: 0 }],
  ["captured data as a text", { DataCapture: "Reference=ABC" }],
  ["a state in capitals", { ImageState: "PENDING" }],
])("no verdict is lost over %s", (_name, change) => {
  expect(read({ ...pending, ...change })).toEqual({
    cardImageId: id,
    state: "pending",
    rejectionCode: null,
    ...unbound,
  });
});

test.each<[unknown, string | null]>([
  ["IMG-07_a", "IMG-07_a"],
  [7, "7"],
  ["Copy right!", "Copyright"],
  ["<b>", "b"],
  ["x".repeat(100), "x".repeat(32)],
  ["<>", null],
  ["", null],
  [null, null],
  [{ code: 1 }, null],
])("the rejection code %j is read as %j", (RejectionCode, rejectionCode) => {
  expect(read({ ...pending, ImageState: "Rejected", RejectionCode })).toEqual({
    cardImageId: id,
    state: "rejected",
    rejectionCode,
    ...unbound,
  });
});

test("fields that we do not know are let pass, and what is optional may be missing", () => {
  expect(read({ ImageId: id, ImageState: "Accepted", Later: [1] }).state).toBe("accepted");
});

test.each<[string, unknown]>([
  ["nothing", undefined],
  ["text", "ImageId"],
  ["a list", [pending]],
  ["no id", { ...pending, ImageId: undefined }],
  ["an id that is none", { ...pending, ImageId: "12" }],
  ["two ids", { ...pending, CardImageID: "7f9619ff-8b86-4011-b42d-00c04fc964ff" }],
  ["a state that is not documented", { ...pending, ImageState: "Lost" }],
  ["no state", { ...pending, ImageState: undefined }],
])("%s is refused without repeating it", (_name, body) => {
  expect(() => read(body)).toThrow(Problem);
});

const reference = "ABCDEFGHIJ0123456789";
const other = "ABCDEFGHIJ9876543210";
test.each<[string, unknown, string | null]>([
  ["its field", { Reference: reference }, reference],
  ["its field in another case", { reFERENCE: reference }, reference],
  ["another product's field", { other_field: reference }, reference],
  ["both fields, the same", { Reference: reference, Other_Field: reference }, reference],
  ["both fields, of which one is something else", { Reference: "CUSTOMER-7", Other_Field: reference }, reference],
  ["two references", { Reference: reference, Other_Field: other }, null],
  ["a field that is not ours", { Ref: reference }, null],
  ["a shorter text", { Reference: reference.slice(1) }, null],
  ["a longer text", { Reference: `${reference}A` }, null],
  ["small letters", { Reference: reference.toLowerCase() }, null],
  ["a line break behind it", { Reference: `${reference}\n` }, null],
  ["a number", { Reference: 1234567890123456 }, null],
  ["a list in its field", { Reference: [reference] }, null],
  ["the text as it was sent", `A=1&reference=${reference}`, reference],
  ["a list of keys and values", [{ Key: "Reference", Value: reference }], reference],
  ["a list of names and values", [null, 1, { name: "REFERENCE", value: reference }], reference],
  ["nothing", null, null],
  ["a number for all", 7, null],
])("our reference in %s", (_what, DataCapture, expected) => {
  for (const name of ["DataCapture", "dataCapture", "DATACAPTURE"])
    expect(read({ ImageId: id, ImageState: "Accepted", [name]: DataCapture }).reference).toBe(expected);
});

test("without a field for it, nothing is taken for our reference", () => {
  expect(readPushNotification({ ...pending, DataCapture: { Reference: reference } }, []).reference).toBeNull();
});

test.each<[unknown, number | null]>([
  ["20261122004001", Date.UTC(2026, 10, 22, 0, 40, 1)],
  [" 20261122004001 ", Date.UTC(2026, 10, 22, 0, 40, 1)],
  [20_261_122_004_001, Date.UTC(2026, 10, 22, 0, 40, 1)],
  ["20240229235959", Date.UTC(2024, 1, 29, 23, 59, 59)],
  ["20230229235959", null],
  ["20261322004001", null],
  ["20261122244001", null],
  ["20261122006001", null],
  ["20261100004001", null],
  ["00010101000000", null],
  ["99991231235959", null],
  ["2026112200400", null],
  ["202611220040011", null],
  ["2026-11-22T00:40:01Z", null],
  ["", null],
  [null, null],
  [{}, null],
  [-1, null],
])("the verdict's moment %j is read as %j", (ImageCheckingTimeStamp, decidedAt) => {
  expect(read({ ImageId: id, ImageState: "Rejected", ImageCheckingTimeStamp }).decidedAt).toBe(decidedAt);
  expect(read({ ImageId: id, ImageState: "Pending", ImageCheckingTimeStamp }).decidedAt).toBeNull();
});

test.each([`{${id}}`, `(${id})`, id.replaceAll("-", "")])("the id may be written %s", (ImageId) => {
  expect(read({ ...pending, ImageId }).cardImageId).toBe(id);
});

test("whatever is captured, at whatever moment, the verdict is read", () => {
  const name = fc.constantFrom("Reference", "OTHER_FIELD", "__proto__", "Key", "Value", "");
  const captured = fc.oneof(
    fc.jsonValue(),
    fc.dictionary(name, fc.jsonValue()),
    fc.array(fc.dictionary(name, fc.jsonValue())),
  );
  fc.assert(
    fc.property(captured, fc.jsonValue(), (DataCapture, ImageCheckingTimeStamp) => {
      const found = read({ ImageId: id, ImageState: "Accepted", DataCapture, ImageCheckingTimeStamp });
      expect(found).toMatchObject({ cardImageId: id, state: "accepted" });
      expect(found.reference ?? reference).toMatch(/^[A-Z0-9]{20}$/);
      expect(Number.isSafeInteger(found.decidedAt ?? 0)).toBe(true);
    }),
  );
});

test("whatever arrives, it is read or refused as a bad request", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (body) => {
      expect(() => read(body)).toThrow(expect.objectContaining({ code: "bad-request" }));
    }),
  );
});
