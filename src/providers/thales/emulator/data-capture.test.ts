import { createClientAsync } from "soap";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  addFault,
  callSoap,
  makeNoise,
  openTestPlatform,
  readLedger,
  sendPicture,
  setSwitches,
  type TestPlatform,
  testDeliveryKey,
  testGalleryKeys,
  testInformationKey,
} from "./testing/platform.ts";

const picture = await makeNoise(1036, 664).jpeg().toBuffer();
const other = "11111111-2222-4333-8444-555555555555";
let platform: TestPlatform;

beforeEach(async () => {
  platform = await openTestPlatform();
});
afterEach(() => {
  vi.restoreAllMocks();
  return platform.close();
});

interface Image {
  readonly cardImageId: string;
  readonly reference: string | null;
  readonly dataCapture: Record<string, string>;
  readonly imageType: string;
  readonly state: string;
  readonly searchableFrom: number | null;
  readonly receivedAt: number;
}
const images = async (query = "") =>
  (await platform.app.inject(`/sandbox/images${query}`)).json<{ images: Image[] }>().images;
const set = async (CardImageID: string, DataCapture: string, ImageInformation_Key: string = testInformationKey) => {
  const reply = await callSoap(platform, "SetCustomDataCapture", { CardImageID, ImageInformation_Key, DataCapture });
  return /<SetCustomDataCaptureResult>(.*)<\/SetCustomDataCaptureResult>/.exec(reply.body)?.[1];
};
const search = async (value: string, SearchField = "Ref") => {
  const query = new URLSearchParams({
    ImageDeliveryKey: testDeliveryKey,
    SearchField,
    CardImageId: value,
    Width: "30",
  });
  const reply = await platform.app.inject(`/ImageAPI/GetImage?${query}`);
  return reply.statusCode === 200 ? "found" : `${reply.statusCode} ${reply.json<{ Message: string }>().Message}`;
};

test("what is sent along is kept: percent-encoded, of the fields that exist", async () => {
  const id = await sendPicture(platform, picture, "Ref=A%26B%3D%25&Branch=+x&Nobody=1");
  expect(await images()).toMatchObject([
    { cardImageId: id, reference: "A&B=%", dataCapture: { Ref: "A&B=%", Branch: " x" } },
  ]);
});

test("a field is written later and changed, by a client that others wrote too", async () => {
  const id = await sendPicture(platform, picture);
  expect(await set(id.toUpperCase(), "Ref=A1&amp;Branch=7")).toBe("0");
  const url = await platform.app.listen({ port: 0, host: "127.0.0.1" });
  const client = await createClientAsync(`${url}/PDS/ImageUpload.asmx?wsdl`);
  const [reply] = await client.SetCustomDataCaptureAsync({
    CardImageID: id,
    ImageInformation_Key: testInformationKey,
    DataCapture: "Ref=A2",
  });
  expect(reply.SetCustomDataCaptureResult).toBe(0);
  expect((await images())[0]?.dataCapture).toEqual({ Branch: "7", Ref: "A2" });
  expect((await readLedger(platform)).slice(1)).toMatchObject([
    { method: "SetCustomDataCapture", resultCode: 0, cardImageId: id, reference: "A1" },
    { method: "SetCustomDataCapture", resultCode: 0, cardImageId: id, reference: "A2", evidence: { reference: "A2" } },
  ]);
});

test("every documented code of SetCustomDataCapture, and nothing is changed by any but 0", async () => {
  await setSwitches(platform, { dataCapture: { lockedFields: ["Branch"] } });
  const id = await sendPicture(platform, picture, "Ref=A1");
  expect(await set("42", "Ref=B")).toBe("1");
  expect(await set(id, "Ref=B", "wrong")).toBe("2");
  for (const wrong of ["Nobody=B", "Ref=B&amp;Nobody=C", "Ref", "=B", "Ref=%", "Ref=B&amp;"])
    expect(await set(id, wrong), wrong).toBe("3");
  expect(await set(other, "Ref=B")).toBe("4");
  expect(await set(id, "Ref=B&amp;Branch=1")).toBe("5");
  for (const empty of ["", "Ref="]) expect(await set(id, empty), empty).toBe("6");
  await addFault(platform, { method: "SetCustomDataCapture", fault: "minus-one" });
  expect(await set(id, "Ref=B")).toBe("-1");
  expect((await images())[0]?.dataCapture).toEqual({ Ref: "A1" });
  expect(JSON.stringify(await readLedger(platform))).not.toContain("CANAR");
});

test("a picture is found by one field, the newest of several, and only by its whole value", async () => {
  await sendPicture(platform, picture, "Ref=A1");
  const newer = await sendPicture(platform, picture, "Ref=A1&Branch=7");
  expect(await search("A1")).toBe("found");
  expect((await readLedger(platform)).at(-1)).toMatchObject({
    method: "GetImage",
    reference: "A1",
    cardImageId: newer,
  });
  expect(await search("7", "Branch")).toBe("found");
  expect(await search("A")).toBe("404 Design Not Found");
  expect(await search("A1", "ref")).toBe("400 Invalid Search Field");
  expect(await search("", "Ref")).toBe("400 Invalid Card Image Id");
});

test("the search has a lag, by the id it is faster, and both are told beforehand", async () => {
  await setSwitches(platform, { imageApi: { searchDelaySeconds: 600 } });
  const id = await sendPicture(platform, picture, "Ref=A1");
  expect(await search("A1")).toBe("404 Design Not Found");
  const byId = `/ImageAPI/GetImage?ImageDeliveryKey=${testDeliveryKey}&CardImageID=${id}`;
  expect((await platform.app.inject(byId)).statusCode).toBe(200);
  const [image] = await images();
  expect(image!.searchableFrom! - image!.receivedAt).toBe(600_000);
  vi.spyOn(Date, "now").mockReturnValue(image!.searchableFrom!);
  expect(await search("A1")).toBe("found");
});

test("a field that is written later is found later, too", async () => {
  await setSwitches(platform, { imageApi: { searchDelaySeconds: 600 } });
  const id = await sendPicture(platform, picture);
  await set(id, "Ref=A1");
  expect(await search("A1")).toBe("404 Design Not Found");
});

test("of some pictures the search comes to know late or never, as their line in the ledger says", async () => {
  await addFault(platform, { method: "Index", fault: "search-never" });
  await addFault(platform, { method: "Index", fault: "search-late", seconds: 600 });
  await sendPicture(platform, picture, "Ref=NEVER");
  await sendPicture(platform, picture, "Ref=LATE");
  const [never, late] = (await readLedger(platform)).map(({ evidence }) => evidence);
  expect(never?.searchableFrom).toBeNull();
  expect(late!.searchableFrom! - late!.previewFrom).toBe(600_000);
  expect(await search("LATE")).toBe("404 Design Not Found");
  vi.spyOn(Date, "now").mockReturnValue(late!.searchableFrom!);
  expect(await search("LATE")).toBe("found");
  expect(await search("NEVER")).toBe("404 Design Not Found");
});

test("what is sent with the gallery's key is accepted at once, without checking", async () => {
  await setSwitches(platform, { review: { mode: "reject" } });
  await sendPicture(platform, picture, "Ref=A1", testGalleryKeys["photo-landscape"]);
  expect(await images()).toMatchObject([{ imageType: "Gallery", state: "Accepted", reference: "A1" }]);
});

test("pictures are listed by their reference, and page by page", async () => {
  const ids: string[] = [];
  for (const reference of ["A", "B", "A"]) ids.push(await sendPicture(platform, picture, `Ref=${reference}`));
  expect((await images("?reference=A")).map(({ cardImageId }) => cardImageId)).toEqual([ids[0], ids[2]]);
  expect((await images("?limit=2")).map(({ cardImageId }) => cardImageId)).toEqual([ids[2], ids[1]]);
  expect((await images(`?limit=2&before=${ids[1]}`)).map(({ cardImageId }) => cardImageId)).toEqual([ids[0]]);
});
