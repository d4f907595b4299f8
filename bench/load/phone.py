"""What a page weighs on a telephone that was never here: the page and everything it names, as a browser asks for it."""
import re

from house import Client

REFERENCES = [rb'<link[^>]+rel="(?:stylesheet|icon|preload|modulepreload|manifest)"[^>]+href="([^"]+)"', rb'<script[^>]+src="([^"]+)"',
              rb'<img[^>]+src="([^"]+)"', rb'<use[^>]+href="([^"#]+)', rb'url\(["\']?([^"\')]+)', rb'\bimport\s*\(?["\']([^"\']+)["\']',
              rb'\bfrom\s*["\']([^"\']+)["\']']


def plain(body, encoding):
    if encoding == "gzip":
        import gzip
        return gzip.decompress(body)
    return body


def weigh(port, path):
    """Bytes of bodies and heads as they travel, and the number of requests; gzip, as every telephone takes."""
    client, waiting, seen, total, parts = Client(port), [path], set(), 0, {}
    headers = {"Accept-Encoding": "gzip", "Accept": "text/html,*/*", "Accept-Language": "zh-CN",
               "User-Agent": "Mozilla/5.0 (Linux; Android 14) Mobile"}
    while waiting:
        address = waiting.pop(0)
        if address in seen or not address.startswith("/"):
            continue
        seen.add(address)
        answer = client.ask("GET", address, headers=headers)
        if answer.status != 200:
            raise SystemExit(f"{address} answers {answer.status}")
        head = sum(len(name) + len(value) + 4 for name, value in answer.headers.items())
        parts[address] = len(answer.body)
        total += len(answer.body) + head
        kind = answer.headers.get("Content-Type", "")
        text = plain(answer.body, answer.headers.get("Content-Encoding")) if "svg" not in kind else b""
        for pattern in REFERENCES:
            for found in re.findall(pattern, text):
                found = found.decode()
                if found.startswith("./"):
                    found = address.rsplit("/", 1)[0] + found[1:]
                waiting.append(found.split("#")[0])
    return {"kb": round(total / 1024, 1), "requests": len(seen), "parts": parts}
