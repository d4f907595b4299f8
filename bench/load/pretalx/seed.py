import datetime as dt
import random

from django.utils.timezone import now
from django_scopes import scope, scopes_disabled
from pretalx.event.models import Event, Team
from pretalx.event.models.organiser import Organiser
from pretalx.person.models import SpeakerProfile, User
from pretalx.schedule.models import Room
from pretalx.submission.models import Submission, Track

random.seed(7)
WORDS = "alliance digital economy park enterprise policy research platform training software talent district network report".split()
with scopes_disabled():
    admin = User.objects.get(email="admin@example.org")
    organiser = Organiser.objects.first()
    start = (now() + dt.timedelta(days=1)).replace(hour=8, minute=0, second=0, microsecond=0)
    event = Event.objects.create(name="Bench", slug="bench", organiser=organiser, is_public=True, date_from=start.date(), date_to=(start + dt.timedelta(days=2)).date(), timezone="Asia/Shanghai", email="o@example.org", locale_array="en", locale="en", landing_page_text="Bench")

with scope(event=event):
    event.build_initial_data()
    for team in Team.objects.filter(organiser=organiser):
        team.limit_events.add(event)
    event.save()
    tracks = [Track.objects.create(event=event, name=f"Track {i}", color="#3366%02d" % (i + 10)) for i in range(6)]
    rooms = [Room.objects.create(event=event, name=f"Room {i}", position=i) for i in range(6)]
    talks = []
    for i in range(300):
        user = User.objects.create_user(name=f"Speaker {i}", email=f"s{i}@example.org", locale="en", timezone="Asia/Shanghai")
        SpeakerProfile.objects.get_or_create(user=user, event=event, defaults={"biography": " ".join(random.choices(WORDS, k=60))})
        talk = Submission.objects.create(event=event, title=" ".join(random.choices(WORDS, k=6)).title() + f" {i}", submission_type=event.cfp.default_type, track=random.choice(tracks), content_locale="en", abstract=" ".join(random.choices(WORDS, k=40)), description=" ".join(random.choices(WORDS, k=150)))
        try:
            talk.speakers.add(SpeakerProfile.objects.get(user=user, event=event))
        except Exception:
            talk.speakers.add(user)
        talks.append(talk)
        try:
            talk.accept(person=admin)
            talk.confirm(person=admin)
        except Exception:
            talk.state = "confirmed"
            talk.save()
    places = [(day, slot, room) for day in range(3) for slot in range(17) for room in rooms]
    for talk, (day, slot, room) in zip(talks, places):
        place = talk.slots.filter(schedule=event.wip_schedule).first()
        if place is not None:
            place.start = start + dt.timedelta(days=day, minutes=30 * slot)
            place.end = place.start + dt.timedelta(minutes=30)
            place.room = room
            place.save()
    event.release_schedule(name="1.0", user=admin)
    print("CODE", talks[0].code)

