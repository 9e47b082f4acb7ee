import fc from "fast-check";
import { expect, test } from "vitest";
import { Problem } from "#contracts/problem.ts";
import { readPushNotification } from "./notification.ts";

const id = "6f9619ff-8b86-4011-b42d-00c04fc964ff";
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
  expect(readPushNotification(pending)).toEqual({ cardImageId: id, state: "pending", rejectionCode: null });
});

test("an accepted picture has no rejection code, whatever the platform writes there", () => {
  const body = { ...pending, ImageState: "Accepted", RejectionCode: "00", ImageCheckingTimeStamp: "20261122004000" };
  expect(readPushNotification(body)).toEqual({ cardImageId: id, state: "accepted", rejectionCode: null });
});

test("a rejected picture brings the platform's code", () => {
  expect(readPushNotification({ ...pending, ImageState: "Rejected", RejectionCode: "07" })).toEqual({
    cardImageId: id,
    state: "rejected",
    rejectionCode: "07",
  });
});

test.each(["CardImageID", "CardImageId", "ImageID", "imageId"])("the id may be called %s, in either case", (name) => {
  const { ImageId, ...rest } = pending;
  expect(readPushNotification({ ...rest, [name]: ImageId.toUpperCase() }).cardImageId).toBe(id);
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
  expect(readPushNotification({ ...pending, ...change })).toEqual({
    cardImageId: id,
    state: "pending",
    rejectionCode: null,
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
  const read = readPushNotification({ ...pending, ImageState: "Rejected", RejectionCode });
  expect(read).toEqual({ cardImageId: id, state: "rejected", rejectionCode });
});

test("fields that we do not know are let pass, and what is optional may be missing", () => {
  expect(readPushNotification({ ImageId: id, ImageState: "Accepted", Later: [1] }).state).toBe("accepted");
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
  expect(() => readPushNotification(body)).toThrow(Problem);
});

test("whatever arrives, it is read or refused as a bad request", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (body) => {
      expect(() => readPushNotification(body)).toThrow(expect.objectContaining({ code: "bad-request" }));
    }),
  );
});
