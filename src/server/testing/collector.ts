import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { listenLocally } from "#providers/testing/listen.ts";

interface OtlpValue {
  readonly stringValue?: string;
  readonly intValue?: number;
  readonly boolValue?: boolean;
}
interface OtlpAttribute {
  readonly key: string;
  readonly value: OtlpValue;
}
interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes?: readonly OtlpAttribute[];
  readonly status?: { readonly code?: number };
}
interface OtlpBody {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly OtlpAttribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
}

export interface CollectedSpan extends Pick<OtlpSpan, "traceId" | "spanId" | "parentSpanId" | "name"> {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly hasFailed: boolean;
}

export interface Collector {
  readonly url: string;
  /** Every body as it came. */
  readonly bodies: Buffer[];
  readonly heads: IncomingMessage["headers"][];
  /** Answers, once a body has come; as a collector does unless told otherwise. */
  answer: (response: ServerResponse) => void;
  /** All spans so far. */
  spans(): CollectedSpan[];
  /** What is said about the program with the first of them. */
  resource(): Readonly<Record<string, unknown>>;
  close(): void;
}

function toRecord(attributes: readonly OtlpAttribute[] = []): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

function toSpan({ attributes, status, ...span }: OtlpSpan): CollectedSpan {
  const { traceId, spanId, parentSpanId, name } = span;
  const parent = parentSpanId === undefined || parentSpanId === "" ? {} : { parentSpanId };
  return { traceId, spanId, name, ...parent, attributes: toRecord(attributes), hasFailed: status?.code === 2 };
}

/** An OpenTelemetry collector that takes traces as JSON over HTTP, and keeps them. */
export async function startCollector(): Promise<Collector> {
  const [bodies, heads]: [Buffer[], IncomingMessage["headers"][]] = [[], []];
  const server = createServer(async (request, response) => {
    const body = await buffer(request).catch(() => undefined);
    if (body === undefined) return;
    heads.push(request.headers);
    bodies.push(body);
    collector.answer(response);
  });
  const read = (): OtlpBody["resourceSpans"] =>
    bodies.flatMap((body) => (JSON.parse(body.toString()) as OtlpBody).resourceSpans);
  const collector: Collector = {
    url: await listenLocally(server),
    bodies,
    heads,
    answer: (response) => void response.writeHead(200, { "content-type": "application/json" }).end("{}"),
    spans: () => read().flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans.map(toSpan))),
    resource: () => toRecord(read()[0]?.resource.attributes),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
  return collector;
}
