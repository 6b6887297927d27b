"""A Django host in one file. Run it: python django_host.py runserver 8000"""

import base64, hashlib, json, os, sys
from datetime import timezone

import django
from django.conf import settings
from django.core.management import execute_from_command_line
from django.db import connection, models
from django.db.models import Q
from django.http import FileResponse, HttpResponse, JsonResponse
from django.urls import path
from django.utils import timezone as clock
from django.utils.dateparse import parse_datetime

settings.configure(DEBUG=True, SECRET_KEY="example", ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], USE_TZ=True,
                   DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ.get("DB", "jobs.db")}})
django.setup()


class Job(models.Model):
    kind, title = models.CharField(max_length=50), models.CharField(max_length=200)
    tenant, status = models.CharField(max_length=20), models.CharField(max_length=20)
    queued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "host"


# The host's own states, as the domain has them.
STATUS = {"waiting": ("queued", "pending"), "working": ("running", "pending"),
          "done": ("completed", "succeeded"), "error": ("completed", "failed")}
POLICY = {"version": 1, "defaults": {"silence": {"late": "2m", "stale": "10m"}}}
FILTERS = {"tenant_id", "status", "type", "source", "limit", "cursor", "sort", "workspace_id", "q", "since"}


def instant(at):
    return at and at.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def wire(job):
    status, outcome = STATUS[job.status]
    return {"id": str(job.pk), "source": "host", "type": job.kind, "title": job.title, "tenant": {"id": job.tenant},
            "status": status, "outcome": outcome, "queued_at": instant(job.queued_at), "started_at": instant(job.started_at),
            "heartbeat_at": instant(job.heartbeat_at), "ended_at": instant(job.ended_at), "native": {"status": job.status}}


def answer(request, body):
    tag = 'W/"%s"' % hashlib.sha256(json.dumps(body).encode()).hexdigest()
    response = HttpResponse(status=304) if request.headers.get("If-None-Match") == tag else \
        JsonResponse({**body, "now": instant(clock.now())})
    response["ETag"], response["Cache-Control"] = tag, "private, no-store"
    return response


def problem(status, title, **more):
    return JsonResponse({"type": "about:blank", "title": title, "status": status, **more}, status=status,
                        content_type="application/problem+json")


def tenants_of(request):
    """Whoever is signed in, by the session of the host; here by a token, one for each tenant."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ") or request.COOKIES.get("token")
    return {"seven": ["7"], "both": ["7", "8"]}.get(token)


def guarded(view):
    def check(request, **args):
        mine = tenants_of(request)
        if mine is None:
            return problem(401, "Unauthorized")
        asked = request.GET.get("tenant_id")
        # The same response for a tenant of others and for one that does not exist.
        if asked and asked not in mine:
            return problem(404, "Not Found")
        return view(request, Job.objects.filter(tenant__in=[asked] if asked else mine), **args)
    return check


@guarded
def runs(request, jobs):
    get = request.GET.get
    # A filter that this host does not have is refused: ignored, it would show more than was asked for.
    for name in ("problem_class", "workspace_id"):
        if get(name):
            return problem(400, "Bad Request", parameter=name, detail=f"{name} is not supported here")
    if get("source") not in (None, "", "host"):
        jobs = jobs.none()
    if get("status"):
        wanted = ",".join(request.GET.getlist("status")).split(",")
        jobs = jobs.filter(status__in=[own for own, (status, _) in STATUS.items() if status in wanted])
    if get("type"):
        jobs = jobs.filter(kind=get("type"))
    if get("q"):
        jobs = jobs.filter(Q(title__icontains=get("q")) | Q(kind__icontains=get("q")))
    if get("since"):
        jobs = jobs.filter(queued_at__gte=parse_datetime(get("since")))
    down = get("sort") != "queued"
    if get("cursor"):
        at, key = json.loads(base64.urlsafe_b64decode(get("cursor")))
        at, side = parse_datetime(at), "lt" if down else "gt"
        jobs = jobs.filter(Q(**{f"queued_at__{side}": at}) | Q(queued_at=at, **{f"pk__{side}": key}))
    limit = min(int(get("limit") or 100), 500)
    rows = list(jobs.order_by(*(("-queued_at", "-pk") if down else ("queued_at", "pk")))[: limit + 1])
    body = {"runs": [wire(job) for job in rows[:limit]]}
    if len(rows) > limit:
        last = rows[limit - 1]
        body["next"] = base64.urlsafe_b64encode(json.dumps([last.queued_at.isoformat(), last.pk]).encode()).decode()
    return answer(request, body)


@guarded
def run(request, jobs, id):
    job = jobs.filter(pk=int(id)).first() if id.isdigit() else None
    return answer(request, wire(job)) if job else problem(404, "Not Found")


@guarded
def policy(request, jobs):
    return JsonResponse(POLICY)


def page(request):
    return HttpResponse("""<!doctype html><title>Jobs</title><script type="module" src="/elements.js"></script>
<ops-kpis src="/api" list-href="/jobs"></ops-kpis>
<ops-list src="/api" sync-url="push" run-href="/jobs/{id}"></ops-list>""")


urlpatterns = [path("api/runs", runs), path("api/runs/<str:id>", run), path("api/policy", policy), path("jobs", page),
               path("elements.js", lambda _: FileResponse(open(os.environ["ELEMENTS"], "rb"), content_type="text/javascript"))]

if __name__ == "__main__":
    if Job._meta.db_table not in connection.introspection.table_names():
        with connection.schema_editor() as editor:
            editor.create_model(Job)
    execute_from_command_line(sys.argv)
