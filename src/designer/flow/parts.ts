import type { DesignerEventInput } from "#contracts/frame-messages.ts";
import type { SubmissionView } from "#contracts/submission.ts";
import type { ImageClient } from "#image/client.ts";
import type { DesignerApi } from "../api/client.ts";
import type { DesignStore } from "../store/design-store.ts";
import type { NoticeCode } from "./notice.ts";

export interface FlowParts {
  readonly api: DesignerApi;
  readonly image: ImageClient;
  readonly design: DesignStore;
  /** The session's submission when the designer was opened. */
  readonly submission: SubmissionView | null;
  readonly tell: (news: DesignerEventInput) => void;
  readonly words: {
    /** The version of the picture rules on screen. */
    rulesVersion(): string;
    /** What a notice says, in one sentence. */
    sentence(code: NoticeCode): string;
  };
}
