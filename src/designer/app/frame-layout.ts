import { createStore, type StoreApi } from "zustand/vanilla";
import type { LayoutPhase } from "#contracts/frame-messages.ts";
import type { Flow } from "../flow/flow.ts";
import { type FlowState, isResumed } from "../flow/flow-state.ts";
import type { HostLink, LayoutNews } from "../host/host-link.ts";

/** How the frame lies on the issuer's page, and when the designer asks for all of it. */
export interface Layout {
  readonly state: StoreApi<{ readonly isFull: boolean }>;
  /** Hears from the page how the frame lies, and can ask it from now on. */
  connect(host: Pick<HostLink, "send" | "onLayout">): void;
  /** Asks for the whole page as long as there is a photo. */
  follow(flow: StoreApi<FlowState>): void;
  /** Whether the page was covered because there is a photo: then Back leads out of that before it leads anywhere else. */
  isTaken(): boolean;
  /** Gives the page back until the cardholder goes on with a design. What is under way goes on. */
  giveBack(): void;
}

/** Written for the style sheets: how the frame lies, which part of it is on screen, and what of its edges the device covers. */
function draw(root: HTMLElement, news: LayoutNews): void {
  const isFull = news.type === "full";
  const edges = isFull ? news.safeAreas.split(" ").map(Number.parseFloat) : [];
  const [top = 0, right = top, bottom = top, left = right] = edges.map((px) => (px > 0 ? px : 0));
  const lengths = {
    "--visible-top": isFull ? "0px" : `${news.topPx}px`,
    // In full the page makes the frame as high as what is visible above the keyboard.
    "--visible-bottom": isFull ? "100dvh" : `${news.bottomPx}px`,
    "--safe-top": `${top}px`,
    "--safe-right": `${right}px`,
    "--safe-bottom": `${bottom}px`,
    "--safe-left": `${left}px`,
  };
  root.dataset.layout = news.type;
  for (const [name, length] of Object.entries(lengths)) {
    if (root.style.getPropertyValue(name) !== length) root.style.setProperty(name, length);
  }
}

/** After a finger is lifted, a tap's click comes within this time: it has to find the frame where the tap was. */
const clickTimeoutMs = 350;

function hasPhoto(state: FlowState): boolean {
  // What was sent in an earlier visit is only looked at.
  if (state.step === "follow") return state.picture !== null;
  return state.step !== "pick";
}

/** Call it once per page, before anything is drawn: until the page says otherwise the frame lies in it. */
export function createLayout(root = document.documentElement): Layout {
  const state = createStore(() => ({ isFull: false }));
  let host: Pick<HostLink, "send"> | undefined;
  let phase: LayoutPhase | undefined;
  let told: LayoutPhase | undefined;
  root.dataset.layout = "inline";

  const setPhase = (next: LayoutPhase): void => {
    phase = next;
    // After what the same change brings about: the page is scrolled no more once it is given back.
    queueMicrotask(() => {
      if (phase === undefined || phase === told) return;
      told = phase;
      host?.send({ type: "phase", phase });
    });
  };
  return {
    state,
    connect: (connected) => {
      host = connected;
      connected.onLayout((news) => {
        draw(root, news);
        const isFull = news.type === "full";
        if (isFull !== state.getState().isFull) state.setState({ isFull });
      });
    },
    follow: (flow) => {
      const look = (now: FlowState): void => {
        if (phase !== "left") setPhase(hasPhoto(now) ? "photo" : "first");
      };
      // A draft is opened without a tap: nobody has asked yet for the page to be covered.
      const onTouched = (): void => {
        removeEventListener("click", onTouched);
        removeEventListener("pointerup", onLifted);
        isUnasked = false;
        look(flow.getState());
      };
      // What is dragged never clicks.
      const onLifted = (): void => void setTimeout(onTouched, clickTimeoutMs);
      let isUnasked = false;
      look(flow.getState());
      flow.subscribe((now, before) => {
        if (now.step === before.step) return;
        if (state.getState().isFull) scrollTo(0, 0);
        if (isResumed(now, before) && phase !== "photo") {
          isUnasked = true;
          addEventListener("click", onTouched);
          addEventListener("pointerup", onLifted);
        }
        if (isUnasked) return;
        if (now.step === "design") phase = "photo";
        look(now);
      });
    },
    isTaken: () => state.getState().isFull && phase === "photo",
    giveBack: () => setPhase("left"),
  };
}

/** Leaves the design as it is for the first step, and gives the page back. */
export function leaveDesigner(layout: Layout, flow: Pick<Flow, "goBack" | "leaveDesign"> | undefined): void {
  flow?.goBack();
  flow?.leaveDesign();
  layout.giveBack();
}
