# A bank's server for the card designer, with nothing but Python's own library: python3 bank.py
import base64, hashlib, hmac, json, os, pathlib, re, sys, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

cards = os.environ.get("FULLBLEED_URL", "http://127.0.0.1:4401")
key, secret = os.environ.get("FULLBLEED_ISSUER_KEY", ""), os.environ.get("FULLBLEED_WEBHOOK_SECRET", "")
port = int(os.environ.get("PORT", "8080"))
origins = [f"http://localhost:{port}"]  # Replace: where people open your page, with https.
sessions = {}  # Replace: a table from person and product to session.
handled = set()  # Replace: a table of webhook ids, written together with what follows from them.
who_is_signed_in = lambda request: "c-58213"  # Replace: whom your login has recognised; None is nobody.
read = lambda name: pathlib.Path(__file__).with_name(name).read_text("utf8").replace("https://cards.example", cards)
opener = build_opener(type("NoRedirect", (HTTPRedirectHandler,), {"redirect_request": lambda *_: None}))

# A header with a line end in it would be refused with an error that has the key in it.
if not re.fullmatch("[A-Za-z0-9._~+/=-]{32,200}", key):
    sys.exit("FULLBLEED_ISSUER_KEY has to be an issuer key: 32 to 200 letters, digits and ._~+/=- without blank or line end.")


def call(path, body):
    headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
    try:
        # Ten seconds to connect, and for each read: an answer that trickles in takes longer.
        with opener.open(Request(cards + path, json.dumps(body).encode(), headers), timeout=10) as answer:
            return answer.status, json.load(answer)
    except HTTPError as error:
        with error:
            return error.code, json.load(error)


def open_session(person):
    """ "start" and "refresh" alike: another secret of the person's session or, where there is none that lives, a new session."""
    if person in sessions:
        status, answer = call(f"/v1/sessions/{sessions[person]}/client-secrets", {"origins": origins})
        if status != 404 and answer.get("code") != "session-expired":
            return status, answer
    status, answer = call("/v1/sessions", {"cardholderId": person, "productId": "photo-landscape", "origins": origins})
    if status == 201:
        sessions[person] = answer["sessionId"]
    return status, answer


def is_signed(headers, body):
    id, sent, signatures = (headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
    if not secret or not sent.isdecimal() or abs(time.time() - int(sent)) >= 300:
        return False
    signing_key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(signing_key, f"{id}.{sent}.".encode() + body, hashlib.sha256).digest()
    expected = b"v1," + base64.b64encode(digest)
    return any(hmac.compare_digest(one.encode(), expected) for one in signatures.split(" "))


class Bank(BaseHTTPRequestHandler):
    timeout = 10  # seconds for each read of a request; how long all of it may take is for the proxy in front

    def answer(self, body):
        route = f"{self.command} {self.path.split('?')[0]}"
        if route == "GET /":
            return 200, read("page.html"), "text/html; charset=utf-8"
        if route == "GET /card.js":
            return 200, read("card.js"), "text/javascript"
        if route == "POST /webhooks":
            if not is_signed(self.headers, body):
                print("401: a webhook that is not signed with FULLBLEED_WEBHOOK_SECRET, or not within five minutes", file=sys.stderr, flush=True)
                return 401, "{}"
            if self.headers["webhook-id"] not in handled:  # Replace: what follows from it.
                print("webhook", self.headers["webhook-id"], json.loads(body)["type"], flush=True)
            # Only now: what has failed comes again.
            handled.add(self.headers["webhook-id"])
            if len(handled) > 10_000:
                handled.clear()
            return 204, ""
        if route != "POST /api/card-session":
            return 404, "{}"
        person = who_is_signed_in(self)
        if person is None:
            return 401, "{}"
        status, answer = open_session(person)
        if status == 201:
            return 201, json.dumps({name: answer[name] for name in ("sessionId", "clientSecret")})
        raise RuntimeError(f"the card server answered {status} {answer.get('code')}: {answer.get('detail')}")

    def do_GET(self):
        try:
            length = int(self.headers.get("content-length", "0"))
            is_refused = not 0 <= length <= 65_536 or "transfer-encoding" in self.headers
            answer = (413, "{}") if is_refused else self.answer(self.rfile.read(length))
        except Exception as error:  # What comes from the card server has no key in it.
            failed = 500 if self.path == "/webhooks" else 502
            print(f"{failed}:", error, file=sys.stderr, flush=True)
            answer = failed, '{"message":"The card designer cannot be reached. Try again in a minute."}'
        status, text, kind = (*answer, "application/json")[:3]
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("cache-control", "no-store")
        self.end_headers()
        self.wfile.write(text.encode())

    do_POST = do_GET


print(f"open {origins[0]}", flush=True)
ThreadingHTTPServer(("localhost", port), Bank).serve_forever()
