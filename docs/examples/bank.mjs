// A bank's server for the card designer, without dependencies: node bank.mjs
import { createHmac, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

const { FULLBLEED_URL: cards = "http://127.0.0.1:4401", PORT = "8080" } = process.env;
const { FULLBLEED_ISSUER_KEY: key = "", FULLBLEED_WEBHOOK_SECRET: secret } = process.env;
const origins = [`http://localhost:${PORT}`]; // Replace: where people open your page, with https.
const sessions = new Map(); // Replace: a table from person and product to session.
const handled = new Set(); // Replace: a table of webhook ids, written together with what follows from them.
const whoIsSignedIn = (_request) => "c-58213"; // Replace: whom your login has recognised; null is nobody.
const read = (name) => readFileSync(new URL(name, import.meta.url), "utf8").replace("https://cards.example", cards);

// A header with a line end in it would be refused with an error that has the key in it.
if (!/^[A-Za-z0-9._~+/=-]{32,200}$/.test(key)) {
  console.error(
    "FULLBLEED_ISSUER_KEY has to be an issuer key: 32 to 200 letters, digits and ._~+/=- without blank or line end.",
  );
  process.exit(1);
}

async function call(path, body) {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const limits = { redirect: "error", signal: AbortSignal.timeout(10_000) };
  const answer = await fetch(cards + path, { method: "POST", headers, body: JSON.stringify(body), ...limits });
  return { status: answer.status, ...(await answer.json()) };
}

/** "start" and "refresh" alike: another secret of the person's session or, where there is none that lives, a new session. */
async function openSession(cardholderId) {
  const known = sessions.get(cardholderId);
  const answer = known && (await call(`/v1/sessions/${known}/client-secrets`, { origins }));
  if (answer && answer.status !== 404 && answer.code !== "session-expired") return answer;
  const opened = await call("/v1/sessions", { cardholderId, productId: "photo-landscape", origins });
  if (opened.status === 201) sessions.set(cardholderId, opened.sessionId);
  return opened;
}

function isSigned({ "webhook-id": id, "webhook-timestamp": time, "webhook-signature": signatures = "" }, body) {
  if (!secret || !(Math.abs(Date.now() / 1000 - Number(time)) < 300)) return false;
  const hmac = createHmac("sha256", Buffer.from(secret.replace("whsec_", ""), "base64"));
  const expected = Buffer.from(`v1,${hmac.update(`${id}.${time}.${body}`).digest("base64")}`);
  const given = signatures.split(" ").map((one) => Buffer.from(one));
  return given.some((one) => one.length === expected.length && timingSafeEqual(one, expected));
}

async function answer(request, body) {
  const route = `${request.method} ${request.url.split("?")[0]}`;
  if (route === "GET /") return [200, read("page.html"), "text/html; charset=utf-8"];
  if (route === "GET /card.js") return [200, read("card.js"), "text/javascript"];
  if (route === "POST /webhooks") {
    if (!isSigned(request.headers, body)) {
      console.error("401: a webhook that is not signed with FULLBLEED_WEBHOOK_SECRET, or not within five minutes");
      return [401, "{}"];
    }
    const id = request.headers["webhook-id"];
    if (!handled.has(id)) console.log("webhook", id, JSON.parse(body).type); // Replace: what follows from it.
    if (handled.add(id).size > 10_000) handled.clear(); // Only now: what has failed comes again.
    return [204];
  }
  if (route !== "POST /api/card-session") return [404, "{}"];
  const person = whoIsSignedIn(request);
  if (person === null) return [401, "{}"];
  const { status, code, detail, sessionId, clientSecret } = await openSession(person);
  if (status === 201) return [201, JSON.stringify({ sessionId, clientSecret })];
  throw new Error(`the card server answered ${status} ${code}: ${detail}`);
}

createServer({ requestTimeout: 10_000 }, async (request, response) => {
  const reply = (status, body, type = "application/json") =>
    response.writeHead(status, { "content-type": type, "cache-control": "no-store" }).end(body);
  try {
    if (Number(request.headers["content-length"] ?? 0) > 65_536 || request.headers["transfer-encoding"])
      reply(413, "{}");
    else reply(...(await answer(request, (await request.setEncoding("utf8").toArray()).join(""))));
  } catch (error) {
    const status = request.url === "/webhooks" ? 500 : 502;
    const cause = error.cause?.message || error.cause?.code || "";
    console.error(`${status}:`, error.message, cause); // What comes from the card server has no key in it.
    reply(status, '{"message":"The card designer cannot be reached. Try again in a minute."}');
  }
}).listen(Number(PORT), "localhost", () => console.log(`open ${origins[0]}`));
