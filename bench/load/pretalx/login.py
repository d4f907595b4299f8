"""Signs in as the organiser and prints the cookies."""
import http.cookiejar
import re
import urllib.parse
import urllib.request

base = "http://127.0.0.1:8421"
jar = http.cookiejar.CookieJar()
opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
page = opener.open(base + "/orga/login/").read().decode()
token = re.search(r'name="?csrfmiddlewaretoken"?[^>]* value="?([^">]+)', page).group(1)
form = {"csrfmiddlewaretoken": token, "login_email": "admin@example.org", "login_password": "Bench-Pass-2026"}
opener.open(urllib.request.Request(base + "/orga/login/", data=urllib.parse.urlencode(form).encode(),
                                   headers={"Referer": base + "/orga/login/"}))
print("; ".join(f"{cookie.name}={cookie.value}" for cookie in jar))
