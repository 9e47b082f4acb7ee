import { expect, test } from "vitest";
import { sha256Of } from "../testing/picture.ts";
import { migrations } from "./migrations.ts";

test("a released migration is what it was, to the letter", () => {
  expect(migrations.map(({ name, statements }) => [name, sha256Of(JSON.stringify(statements))])).toEqual([
    ["2026-11-22-first", "0ae9a79706d960e8ac5b89165205f40056a5106f7a4b4248134e1187d0242152"],
    ["2026-11-22-indexes", "3c242e841e63a171f41e7e4bcf1e0bbe78a8484b9cff2bb3bcb313798a69b507"],
    ["2026-11-28-work-apart", "fd6eaf1b0ea6052d97c301532c89baf784ccf886b0ae74027f861aab6f8964dd"],
    ["2026-11-29-attempts-in-order", "a99f37c052342af71940dab0a50e132b509cf75dc00b4f45c560a1ad09827735"],
    ["2026-11-30-agreements", "57dace9c5bed2931b93911f2d70d5e01608c00e57bf1a45e6bfed2f7328bc2ae"],
    ["2026-12-02-webhooks", "b9798f2ca23afd059ab31fe1eb433a64d7e59dceec7e0d84a2ec6f6049056eff"],
    ["2026-12-03-many-platforms", "c0dc7514220610338438f5f3539a1381c8d40f51d2fd69aba83006bb5b0174fb"],
    ["2026-12-05-many-issuers", "573264eeb586588cf463aee4f0adefcb00fb6d6cd39551f8690a3be044620315"],
    ["2026-12-06-asked-again", "c6a705a9843f28a3e0b2c82bfb8175ed78262ed11ccc43fb0f4b50f01ba2d646"],
    ["2026-12-08-sealed-pictures", "322eff20eb86bd1f206d43ba17732477bab32d890d75b8a8424199ee3a5bd578"],
    ["2026-12-09-purging", "89b1014ede352207182c3114c13b4a3de608f96c26a52676931e72b85f76edd2"],
    ["2026-12-10-purges-in-sight", "67a3f6501aa7d997edfb273cb23b74eb974d9fb7e3497419d2fa12f5a481e597"],
    ["2026-12-11-bound-tokens", "008a79a39c744094bd2a7ee24d153284446fdda355b681e9f3c33ffb91c9017d"],
    ["2026-12-12-traces", "c20263d7fe56ca547ef5b6f22a82c4888e20dd95bb2085af30b9a1a48d096191"],
    ["2026-12-13-drafts", "5a87d2aba4f88d3e7f209e1ab0d05c1ef2940222231389d844cf75f32c16aa95"],
    ["2026-12-14-late-drafts", "d757d6b62c9bedd658fa0a133394c2947494408cd6589d3de46d0cbfdeddf93e"],
    ["2026-12-15-other-products", "e75b90b0b9560cee9c5fea5d4a40d51636c3c403df061ad35479cc5568e585fb"],
    ["2026-12-16-hosted-pages", "ad6c588aa088c31816a1a07bc7787b72c980b6647e7b1506c1c364a54162f71b"],
  ]);
});
