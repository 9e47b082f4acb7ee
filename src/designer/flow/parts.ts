import type { DesignerEvent } from "#contracts/frame-messages.ts";
import type { SubmissionView } from "#contracts/submission.ts";
import type { ImageClient } from "#image/client.ts";
import type { DesignerApi } from "../api/client.ts";
import type { DesignStore } from "../store/design-store.ts";
import type { NoticeCode } from "./notice.ts";

type WithoutId<Event> = Event extends unknown ? Omit<Event, "eventId"> : never;
/** What the issuer's page is told; whoever sends it adds the event's id. */
export type DesignerNews = WithoutId<DesignerEvent>;

export interface FlowParts {
  readonly api: DesignerApi;
  readonly image: ImageClient;
  readonly design: DesignStore;
  /** The session's submission when the designer was opened. */
  readonly submission: SubmissionView | null;
  readonly tell: (news: DesignerNews) => void;
  readonly words: {
    /** The version of the picture rules on screen. */
    rulesVersion(): string;
    /** What a notice says, in one sentence. */
    sentence(code: NoticeCode): string;
  };
}
