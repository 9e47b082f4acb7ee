import { expect, it } from "vitest";
import { rested, Visit, ways, actions } from "../flow/testing/visit.ts";
import { submitDesign } from "./submit-design.ts";

it("a design that was left for the choice of a photo is not said to have none: its preview is shown", async () => {
  const visit = new Visit();
  expect(await submitDesign(visit.flow)).toMatchObject({ code: "photo-missing" });
  for (const name of ways["to a photo"]) {
    void actions[name]?.(visit);
    await rested();
  }
  visit.flow.leaveDesign();
  expect(visit.flow.state.getState().step).toBe("pick");
  const answer = submitDesign(visit.flow);
  await rested();
  visit.endRendering("good");
  expect(await answer).toMatchObject({ code: "preview-missing" });
  expect(visit.flow.state.getState().step).toBe("preview");
});
