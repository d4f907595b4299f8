from django_scopes import scopes_disabled
from pretalx.event.models import Event
from pretalx.person.models import User
from pretalx.person.models.auth_token import ENDPOINTS, UserApiToken

with scopes_disabled():
    token = UserApiToken.objects.create(user=User.objects.get(email="admin@example.org"), name="load")
    token.events.add(Event.objects.get(slug="bench"))
    token.endpoints = {endpoint: ["list", "retrieve"] for endpoint in ENDPOINTS}
    token.save()
    print("TOKEN", token.token)

