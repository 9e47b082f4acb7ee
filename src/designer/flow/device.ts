export type Device = "iphone" | "android" | "windows" | "mac" | "other";

/** The kind of device this is, for words about what its own programs can do. An iPad says that it is a Mac; no Mac has a touch screen. */
export function readDevice({
  userAgent,
  maxTouchPoints,
}: Pick<Navigator, "userAgent" | "maxTouchPoints"> = navigator): Device {
  if (/iP(?:hone|ad|od)/.test(userAgent)) return "iphone";
  if (userAgent.includes("Android")) return "android";
  if (userAgent.includes("Windows")) return "windows";
  if (userAgent.includes("Macintosh")) return maxTouchPoints > 1 ? "iphone" : "mac";
  return "other";
}
