// A bank's server for the card designer, with nothing but .NET. In a project of yours, or with mono:
// mcs -r:System.Net.Http Bank.cs && mono Bank.exe
using System;
using System.Collections.Concurrent;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

class Reply {
  public readonly int Status;
  public readonly string Text, Type;
  public Reply(int status, string text, string type = "application/json") { Status = status; Text = text; Type = type; }
}

static class Bank {
  static string Setting(string name, string other = "") => Environment.GetEnvironmentVariable(name) ?? other;
  static readonly string cards = Setting("FULLBLEED_URL", "http://127.0.0.1:4401");
  static readonly string secret = Setting("FULLBLEED_WEBHOOK_SECRET");
  static readonly string key = Setting("FULLBLEED_ISSUER_KEY");
  static readonly string prefix = "http://localhost:" + Setting("PORT", "8080") + "/"; // where this program listens
  static readonly string origin = "http://localhost:" + Setting("PORT", "8080"); // Replace: where people open your page, with https.
  static readonly string origins = "[\"" + origin + "\"]";
  // Replace: tables, from person and product to session, and of webhook ids, written together with what follows from them.
  static readonly ConcurrentDictionary<string, string> sessions = new ConcurrentDictionary<string, string>();
  static readonly ConcurrentDictionary<string, bool> handled = new ConcurrentDictionary<string, bool>();
  static readonly HttpClient client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(10) };

  static string WhoIsSignedIn(HttpListenerRequest request) => "c-58213"; // Replace: whom your login has recognised; null is nobody.

  static async Task<Reply> Call(string path, string body) {
    using (var request = new HttpRequestMessage(HttpMethod.Post, cards + path)) {
      request.Headers.Add("authorization", "Bearer " + key);
      request.Content = new StringContent(body, Encoding.UTF8, "application/json");
      using (var answer = await client.SendAsync(request)) {
        var text = await answer.Content.ReadAsStringAsync();
        return new Reply((int)answer.StatusCode, text);
      }
    }
  }

  /// <summary>Replace: your JSON library.</summary>
  static string Field(string json, string name) => Regex.Match(json, "\"" + name + "\":\"([^\"\\\\]*)\"").Groups[1].Value;

  /// <summary>"start" and "refresh" alike: another secret of the person's session or, where there is none that lives, a new session.</summary>
  static async Task<Reply> OpenSession(string person) {
    string known;
    if (sessions.TryGetValue(person, out known)) {
      var answer = await Call("/v1/sessions/" + known + "/client-secrets", "{\"origins\":" + origins + "}");
      if (answer.Status != 404 && Field(answer.Text, "code") != "session-expired") return answer;
    }
    // Replace: your JSON library, which escapes what is in person.
    var wanted = "{\"cardholderId\":\"" + person + "\",\"productId\":\"photo-landscape\",\"origins\":" + origins + "}";
    var opened = await Call("/v1/sessions", wanted);
    if (opened.Status == 201) sessions[person] = Field(opened.Text, "sessionId");
    return opened;
  }

  static bool IsSigned(HttpListenerRequest request, byte[] body) {
    string id = request.Headers["webhook-id"], time = request.Headers["webhook-timestamp"], given = request.Headers["webhook-signature"];
    if (secret == "" || given == null || !long.TryParse(time, out var sent)) return false;
    if (Math.Abs((double)DateTimeOffset.UtcNow.ToUnixTimeSeconds() - sent) >= 300) return false;
    using (var hmac = new HMACSHA256(Convert.FromBase64String(secret.Replace("whsec_", "")))) {
      var expected = "v1," + Convert.ToBase64String(hmac.ComputeHash(Encoding.UTF8.GetBytes(id + "." + time + ".").Concat(body).ToArray()));
      return given.Split(' ').Any(one => IsSame(one, expected));
    }
  }

  /// <summary>In constant time; CryptographicOperations.FixedTimeEquals where there is one.</summary>
  static bool IsSame(string one, string other) =>
    one.Length == other.Length && Enumerable.Range(0, one.Length).Aggregate(0, (found, at) => found | (one[at] ^ other[at])) == 0;

  /// <summary>Replace: what follows from it.</summary>
  static void Follow(string id, string webhook) {
    var type = Field(webhook, "type");
    if (type == "") throw new Exception("webhook " + id + " has no type");
    Console.WriteLine("webhook " + id + " " + type);
  }

  static string Read(string name) => File.ReadAllText(Path.Combine(Setting("BANK_PAGES", "."), name)).Replace("https://cards.example", cards);

  static async Task<Reply> Answer(HttpListenerRequest request) {
    if (request.ContentLength64 > 65536 || request.Headers["transfer-encoding"] != null) return new Reply(413, "{}");
    var body = new MemoryStream();
    await request.InputStream.CopyToAsync(body);
    switch (request.HttpMethod + " " + request.Url.AbsolutePath) {
      case "GET /": return new Reply(200, Read("page.html"), "text/html; charset=utf-8");
      case "GET /card.js": return new Reply(200, Read("card.js"), "text/javascript");
      case "POST /webhooks":
        if (!IsSigned(request, body.ToArray())) {
          Console.Error.WriteLine("401: a webhook that is not signed with FULLBLEED_WEBHOOK_SECRET, or not within five minutes");
          return new Reply(401, "{}");
        }
        var id = request.Headers["webhook-id"];
        if (!handled.ContainsKey(id)) Follow(id, Encoding.UTF8.GetString(body.ToArray()));
        handled[id] = true; // Only now: what has failed comes again.
        if (handled.Count > 10000) handled.Clear();
        return new Reply(204, "");
      case "POST /api/card-session":
        var person = WhoIsSignedIn(request);
        if (person == null) return new Reply(401, "{}");
        var opened = await OpenSession(person);
        if (opened.Status != 201) throw new Exception("the card server answered " + opened.Status + " " + Field(opened.Text, "code") + ": " + Field(opened.Text, "detail"));
        return new Reply(201, "{\"sessionId\":\"" + Field(opened.Text, "sessionId") + "\",\"clientSecret\":\"" + Field(opened.Text, "clientSecret") + "\"}");
      default: return new Reply(404, "{}");
    }
  }

  static async Task Serve(HttpListenerContext context) {
    Reply answer;
    try {
      answer = await Answer(context.Request);
    } catch (Exception error) {
      var status = context.Request.Url.AbsolutePath == "/webhooks" ? 500 : 502;
      Console.Error.WriteLine(status + ": " + error.Message); // What comes from the card server has no key in it.
      answer = new Reply(status, "{\"message\":\"The card designer cannot be reached. Try again in a minute.\"}");
    }
    var bytes = Encoding.UTF8.GetBytes(answer.Text);
    context.Response.StatusCode = answer.Status;
    context.Response.ContentType = answer.Type;
    context.Response.Headers["cache-control"] = "no-store";
    context.Response.Close(bytes, false);
  }

  static void Main() {
    // A header with a line end in it would be refused with an error that has the key in it.
    if (!Regex.IsMatch(key, @"\A[A-Za-z0-9._~+/=-]{32,200}\z")) {
      Console.Error.WriteLine("FULLBLEED_ISSUER_KEY has to be an issuer key: 32 to 200 letters, digits and ._~+/=- without blank or line end.");
      Environment.Exit(1);
    }
    var listener = new HttpListener();
    listener.Prefixes.Add(prefix);
    listener.Start();
    Console.WriteLine("open " + origin);
    while (true) {
      var context = listener.GetContext();
      Task.Run(() => Serve(context));
    }
  }
}
