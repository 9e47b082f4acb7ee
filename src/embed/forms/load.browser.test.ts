import { expect, test } from "vitest";
import { loadCardDesigner } from "./load.ts";

test.each(["localhost:4401", "cards.example", ""])(
  "an origin without its scheme, %o, is said to be none",
  async (origin) => {
    const detail = `origin has to be an address such as https://cards.example, not ${origin}.`;
    await expect(loadCardDesigner({ origin })).rejects.toMatchObject({ code: "origin-unknown", detail });
  },
);
