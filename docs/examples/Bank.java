// A bank's server for the card designer, with nothing but Java 17: java Bank.java
import com.sun.net.httpserver.*;
import java.net.*;
import java.net.http.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.security.MessageDigest;
import java.time.*;
import java.util.*;
import java.util.concurrent.*;
import java.util.regex.*;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public class Bank {
  record Answer(int status, String text, String type) {}

  static final Map<String, String> env = System.getenv();
  static final String cards = env.getOrDefault("FULLBLEED_URL", "http://127.0.0.1:4401");
  static final String secret = env.getOrDefault("FULLBLEED_WEBHOOK_SECRET", "");
  static final String key = env.getOrDefault("FULLBLEED_ISSUER_KEY", "");
  static final int port = Integer.parseInt(env.getOrDefault("PORT", "8080"));
  static final String origins = "[\"http://localhost:" + port + "\"]"; // Replace: where people open your page, with https.
  static final Map<String, String> sessions = new ConcurrentHashMap<>(); // Replace: a table from person and product to session.
  static final Set<String> handled = ConcurrentHashMap.newKeySet(); // Replace: a table of webhook ids, written together with what follows from them.
  static final HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build(); // It follows no redirect.

  static String whoIsSignedIn(HttpExchange request) { return "c-58213"; } // Replace: whom your login has recognised; null is nobody.

  static Answer call(String path, String body) throws Exception {
    var request = HttpRequest.newBuilder(URI.create(cards + path)).POST(HttpRequest.BodyPublishers.ofString(body))
        .header("authorization", "Bearer " + key).header("content-type", "application/json").build();
    // The request's own timeout would end with the answer's head.
    var answer = client.sendAsync(request, HttpResponse.BodyHandlers.ofString()).get(10, TimeUnit.SECONDS);
    return new Answer(answer.statusCode(), answer.body(), "application/json");
  }

  /** Replace: your JSON library. */
  static String field(String json, String name) {
    Matcher match = Pattern.compile("\"" + name + "\":\"([^\"\\\\]*)\"").matcher(json);
    return match.find() ? match.group(1) : "";
  }

  /** "start" and "refresh" alike: another secret of the person's session or, where there is none that lives, a new session. */
  static Answer openSession(String person) throws Exception {
    String known = sessions.get(person);
    if (known != null) {
      Answer answer = call("/v1/sessions/" + known + "/client-secrets", "{\"origins\":" + origins + "}");
      if (answer.status != 404 && !field(answer.text, "code").equals("session-expired")) return answer;
    }
    // Replace: your JSON library, which escapes what is in person.
    String wanted = "{\"cardholderId\":\"" + person + "\",\"productId\":\"photo-landscape\",\"origins\":" + origins + "}";
    Answer opened = call("/v1/sessions", wanted);
    if (opened.status == 201) sessions.put(person, field(opened.text, "sessionId"));
    return opened;
  }

  static boolean isSigned(Headers headers, byte[] body) throws Exception {
    String id = headers.getFirst("webhook-id"), time = headers.getFirst("webhook-timestamp"), given = headers.getFirst("webhook-signature");
    if (secret.isEmpty() || id == null || given == null || time == null || !time.matches("\\d{1,12}")) return false;
    if (Math.abs(Instant.now().getEpochSecond() - Long.parseLong(time)) >= 300) return false;
    Mac hmac = Mac.getInstance("HmacSHA256");
    hmac.init(new SecretKeySpec(Base64.getDecoder().decode(secret.replace("whsec_", "")), "HmacSHA256"));
    hmac.update(utf8(id + "." + time + "."));
    String expected = "v1," + Base64.getEncoder().encodeToString(hmac.doFinal(body));
    return Arrays.stream(given.split(" ")).anyMatch((one) -> MessageDigest.isEqual(utf8(one), utf8(expected)));
  }

  /** Replace: what follows from it. */
  static void follow(String id, String webhook) throws Exception {
    String type = field(webhook, "type");
    if (type.isEmpty()) throw new Exception("webhook " + id + " has no type");
    System.out.println("webhook " + id + " " + type);
  }

  static byte[] utf8(String text) { return text.getBytes(StandardCharsets.UTF_8); }

  static String read(String name) throws Exception {
    return Files.readString(Path.of(env.getOrDefault("BANK_PAGES", "."), name)).replace("https://cards.example", cards);
  }

  static Answer answer(HttpExchange request) throws Exception {
    if (request.getRequestHeaders().containsKey("transfer-encoding")) return new Answer(413, "{}", "application/json");
    byte[] body = request.getRequestBody().readNBytes(65_537);
    if (body.length > 65_536) return new Answer(413, "{}", "application/json");
    switch (request.getRequestMethod() + " " + request.getRequestURI().getPath()) {
      case "GET /": return new Answer(200, read("page.html"), "text/html; charset=utf-8");
      case "GET /card.js": return new Answer(200, read("card.js"), "text/javascript");
      case "POST /webhooks":
        if (!isSigned(request.getRequestHeaders(), body)) {
          System.err.println("401: a webhook that is not signed with FULLBLEED_WEBHOOK_SECRET, or not within five minutes");
          return new Answer(401, "{}", "application/json");
        }
        String id = request.getRequestHeaders().getFirst("webhook-id");
        if (!handled.contains(id)) follow(id, new String(body, StandardCharsets.UTF_8));
        handled.add(id); // Only now: what has failed comes again.
        if (handled.size() > 10_000) handled.clear();
        return new Answer(204, "", "application/json");
      case "POST /api/card-session":
        String person = whoIsSignedIn(request);
        if (person == null) return new Answer(401, "{}", "application/json");
        Answer opened = openSession(person);
        if (opened.status != 201) throw new Exception("the card server answered " + opened.status + " " + field(opened.text, "code") + ": " + field(opened.text, "detail"));
        String given = "{\"sessionId\":\"%s\",\"clientSecret\":\"%s\"}";
        return new Answer(201, given.formatted(field(opened.text, "sessionId"), field(opened.text, "clientSecret")), "application/json");
      default: return new Answer(404, "{}", "application/json");
    }
  }

  public static void main(String[] args) throws Exception {
    // A header with a line end in it would be refused with an error that has the key in it.
    if (!key.matches("[A-Za-z0-9._~+/=-]{32,200}")) {
      System.err.println("FULLBLEED_ISSUER_KEY has to be an issuer key: 32 to 200 letters, digits and ._~+/=- without blank or line end.");
      System.exit(1);
    }
    System.setProperty("sun.net.httpserver.maxReqTime", "10"); // seconds for a request to come
    var server = HttpServer.create(new InetSocketAddress("localhost", port), 0);
    server.setExecutor(Executors.newFixedThreadPool(32));
    server.createContext("/", (request) -> {
      Answer answer;
      try {
        answer = answer(request);
      } catch (Exception error) {
        int status = request.getRequestURI().getPath().equals("/webhooks") ? 500 : 502;
        System.err.println(status + ": " + error); // What comes from the card server has no key in it.
        answer = new Answer(status, "{\"message\":\"The card designer cannot be reached. Try again in a minute.\"}", "application/json");
      }
      request.getResponseHeaders().set("content-type", answer.type);
      request.getResponseHeaders().set("cache-control", "no-store");
      byte[] bytes = utf8(answer.text);
      request.sendResponseHeaders(answer.status, bytes.length == 0 ? -1 : bytes.length);
      request.getResponseBody().write(bytes);
      request.close();
    });
    server.start();
    System.out.println("open http://localhost:" + port);
  }
}
