<?php // A bank's server for the card designer, with nothing but PHP: BANK_DATA=$(mktemp -d) php -S localhost:8080 bank.php
$cards = getenv('FULLBLEED_URL') ?: 'http://127.0.0.1:4401';
$origins = ['http://localhost:' . (getenv('PORT') ?: '8080')]; // Replace: where people open your page, with https.
// Replace: tables, from person and product to session, and of webhook ids, written together with what follows from them.
$kept = getenv('BANK_DATA') ?: '';
$key = getenv('FULLBLEED_ISSUER_KEY') ?: '';

$wrong = match (true) {
    preg_match('#\A[A-Za-z0-9._~+/=-]{32,200}\z#', $key) !== 1 => 'FULLBLEED_ISSUER_KEY has to be an issuer key: 32 to 200 letters, digits and ._~+/=- without blank or line end.',
    !is_dir($kept) || !is_writable($kept) => 'BANK_DATA has to be a folder that is there, and that nobody but this server may write to.',
    default => null,
};
if ($wrong !== null) {
    error_log($wrong);
    http_response_code(500);
    exit;
}

function whoIsSignedIn(): ?string { return 'c-58213'; } // Replace: whom your login has recognised; null is nobody.

function call(string $path, array $body): array {
    global $cards, $key;
    $headers = ["authorization: Bearer $key", 'content-type: application/json'];
    // Ten seconds to connect, and for each read: an answer that trickles in takes longer.
    $options = ['method' => 'POST', 'header' => $headers, 'content' => json_encode($body), 'timeout' => 10];
    $context = stream_context_create(['http' => $options + ['follow_location' => 0, 'ignore_errors' => true]]);
    $answer = @file_get_contents($cards . $path, false, $context);
    if ($answer === false) throw new Exception('the card server does not answer');
    return ['status' => (int) explode(' ', $http_response_header[0])[1]] + (json_decode($answer, true) ?? []);
}

/** "start" and "refresh" alike: another secret of the person's session or, where there is none that lives, a new session. */
function openSession(string $person): array {
    global $kept, $origins;
    $file = $kept . '/card-session-' . hash('sha256', $person);
    if (is_file($file)) {
        $answer = call('/v1/sessions/' . rawurlencode(file_get_contents($file)) . '/client-secrets', ['origins' => $origins]);
        if ($answer['status'] !== 404 && ($answer['code'] ?? '') !== 'session-expired') return $answer;
    }
    $opened = call('/v1/sessions', ['cardholderId' => $person, 'productId' => 'photo-landscape', 'origins' => $origins]);
    if ($opened['status'] === 201) file_put_contents($file, $opened['sessionId'], LOCK_EX);
    return $opened;
}

function isSigned(string $body): bool {
    [$id, $time, $signatures] = array_map(fn($name) => $_SERVER["HTTP_WEBHOOK_$name"] ?? '', ['ID', 'TIMESTAMP', 'SIGNATURE']);
    $secret = getenv('FULLBLEED_WEBHOOK_SECRET') ?: '';
    if ($secret === '' || !ctype_digit($time) || abs(time() - (int) $time) >= 300) return false;
    $key = base64_decode(str_replace('whsec_', '', $secret));
    $expected = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$time.$body", $key, true));
    foreach (explode(' ', $signatures) as $given) if (hash_equals($expected, $given)) return true;
    return false;
}

function answer(string $body): array {
    global $cards, $kept;
    $read = fn($name) => str_replace('https://cards.example', $cards, file_get_contents(__DIR__ . "/$name"));
    $route = $_SERVER['REQUEST_METHOD'] . ' ' . strtok($_SERVER['REQUEST_URI'], '?');
    if ($route === 'GET /') return [200, $read('page.html'), 'text/html; charset=utf-8'];
    if ($route === 'GET /card.js') return [200, $read('card.js'), 'text/javascript'];
    if ($route === 'POST /webhooks') {
        if (!isSigned($body)) {
            error_log('401: a webhook that is not signed with FULLBLEED_WEBHOOK_SECRET, or not within five minutes');
            return [401, '{}'];
        }
        $id = $_SERVER['HTTP_WEBHOOK_ID'];
        $mark = $kept . '/webhook-' . hash('sha256', $id);
        if (is_file($mark)) return [204, ''];
        error_log("webhook $id " . json_decode($body, flags: JSON_THROW_ON_ERROR)->type); // Replace: what follows from it.
        if (!@touch($mark)) throw new Exception("webhook $id cannot be marked as handled"); // Only now: what has failed comes again.
        // Longer than the 75 hours in which a webhook can come again.
        foreach (glob("$kept/webhook-*") as $old) if (@filemtime($old) < time() - 4 * 86400) @unlink($old);
        return [204, ''];
    }
    if ($route !== 'POST /api/card-session') return [404, '{}'];
    if (($person = whoIsSignedIn()) === null) return [401, '{}'];
    $opened = openSession($person);
    if ($opened['status'] !== 201) throw new Exception("the card server answered $opened[status] " . ($opened['code'] ?? '') . ': ' . ($opened['detail'] ?? ''));
    return [201, json_encode(['sessionId' => $opened['sessionId'], 'clientSecret' => $opened['clientSecret']])];
}

try {
    $isTooLong = (int) ($_SERVER['CONTENT_LENGTH'] ?? 0) > 65536 || isset($_SERVER['HTTP_TRANSFER_ENCODING']);
    [$status, $text, $type] = ($isTooLong ? [413, '{}'] : answer(file_get_contents('php://input'))) + [2 => 'application/json'];
} catch (Throwable $error) {
    [$status, $type] = [$_SERVER['REQUEST_URI'] === '/webhooks' ? 500 : 502, 'application/json'];
    error_log("$status: " . $error->getMessage()); // What comes from the card server has no key in it.
    $text = '{"message":"The card designer cannot be reached. Try again in a minute."}';
}
http_response_code($status);
header("content-type: $type");
header('cache-control: no-store');
echo $text;
