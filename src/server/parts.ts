import type { IncomingMessage, ServerResponse } from "node:http";
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { BlobStore } from "./blobs/blob-store.ts";
import type { Config } from "./config.ts";
import type { ScopeOf } from "./drafts/scope.ts";
import type { Notifier } from "./events/notifier.ts";
import type { Metrics } from "./metrics/metrics.ts";
import type { Providers } from "./providers.ts";
import type { PictureCheck } from "./picture-check/picture-check.ts";
import type { PurgeLog } from "./purge/log.ts";
import type { Proofs } from "./sessions/proofs.ts";
import type { Store } from "./store/schema.ts";
import type { PictureValidator } from "./upload/validator.ts";
import type { Poster } from "./webhooks/post.ts";

export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** What the routes work with. Built by main.ts, or by a test. */
export interface AppParts {
  readonly config: Config;
  readonly store: Store;
  readonly blobs: BlobStore;
  readonly providers: Providers;
  readonly notifier: Notifier;
  /** Told that something is due; absent in tests that send nothing. */
  readonly courier?: { wake(): void; giveUp(submissionId: string): void };
  readonly purgeLog: PurgeLog;
  readonly proofs: Proofs;
  readonly scopeOf: ScopeOf;
  readonly poster: Poster;
  /** Told that there may be something to post; absent in tests that post nothing. */
  readonly webhooks?: { wake(): void };
  /** Absent where the settings ask for none. */
  readonly metrics?: Metrics | undefined;
  /** Looks at pictures in place of the real one; absent everywhere but in a bench. */
  readonly validator?: PictureValidator;
  /** Compares pictures with their designs; absent in tests whose pictures show none. */
  readonly pictureCheck?: PictureCheck;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly log: FastifyBaseLogger;
}
