import { expect, test } from "vitest";
import { isSameSecret } from "./same-secret.ts";

test("the secret is compared whole, and an empty one matches nothing", () => {
  expect(isSameSecret("s3cret", "s3cret")).toBe(true);
  expect(isSameSecret("s3cre", "s3cret")).toBe(false);
  expect(isSameSecret("s3cret ", "s3cret")).toBe(false);
  expect(isSameSecret(undefined, "s3cret")).toBe(false);
  expect(isSameSecret("", "")).toBe(false);
});
