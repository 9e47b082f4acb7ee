import type { StoreApi } from "zustand/vanilla";
import { type DraftKey, takeGoOn } from "../drafts/draft-mark.ts";
import type { SharedDrafts } from "../drafts/draft-store.ts";
import { createElsewhere, type Elsewhere, type Stand } from "../drafts/elsewhere.ts";
import type { Flow } from "../flow/flow.ts";
import type { FlowState } from "../flow/flow-state.ts";
import { mayStartAgain } from "../flow/machine.ts";

interface Deps {
  readonly state: StoreApi<FlowState>;
  readonly flow: () => Pick<Flow, "sayElsewhere" | "goOnHere">;
  readonly drafts: Pick<SharedDrafts, "isReplaced">;
  /** Keeps the card, and ends all work on it here; false where it cannot be kept. */
  readonly leave: () => Promise<boolean>;
  readonly reload?: () => void;
}

function standOf(now: FlowState): Stand {
  if (now.step === "pick") return "none";
  if (now.step === "follow") return mayStartAgain(now.submission) ? "none" : "sent";
  return now.step === "sending" ? "sending" : "working";
}

/**
 * Where the same card is open in another place of the browser: says so, goes on with it here when the cardholder asks for that, and
 * leaves it when they ask for it there.
 */
export function followElsewhere(
  key: DraftKey,
  { state, flow, drafts, leave, reload = () => location.reload() }: Deps,
): Pick<Elsewhere, "find" | "takeOver"> {
  const readStand = (): Stand => standOf(state.getState());
  const places = createElsewhere(key, {
    readStand,
    leave,
    onFound: (stand) => flow().sayElsewhere(stand),
    onReturn: async () => {
      if (readStand() === "working" && (await drafts.isReplaced())) await flow().goOnHere();
    },
  });
  state.subscribe(() => places.noteStand());
  let isMeantHere = takeGoOn();
  return {
    find: async () => {
      if (!isMeantHere) return places.find();
      isMeantHere = false;
      const outcome = await places.takeOver();
      return outcome === "working" || outcome === "sending" ? outcome : null;
    },
    takeOver: async () => {
      const outcome = await places.takeOver();
      // The session shows how that card stands.
      if (outcome === "sent") reload();
      return outcome;
    },
  };
}
