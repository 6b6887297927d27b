<?php
// A Laravel host in one file. Run it: ELEMENTS=… php -S 127.0.0.1:8000 laravel_host.php

// A project that composer made has vendor/autoload.php; Debian's php-laravel-framework has this.
require getenv('AUTOLOAD') ?: 'Illuminate/autoload.php';

use Illuminate\Database\Capsule\Manager as Database;
use Illuminate\Database\Eloquent\Model;
use Illuminate\Http\JsonResponse;
use Illuminate\Http\Request;
use Illuminate\Support\Carbon;
use Symfony\Component\HttpFoundation\BinaryFileResponse;

date_default_timezone_set('UTC');
$path = getenv('DB') ?: 'jobs.db';
touch($path);
$database = new Database();
$database->addConnection(['driver' => 'sqlite', 'database' => $path]);
$database->setAsGlobal();
$database->bootEloquent();
if (! Database::schema()->hasTable('jobs')) {
    Database::schema()->create('jobs', function ($table) {
        $table->id();
        foreach (['kind', 'title', 'tenant', 'state'] as $name) {
            $table->string($name);
        }
        $table->dateTime('queued_at', 3);
        foreach (['started_at', 'heartbeat_at', 'ended_at'] as $name) {
            $table->dateTime($name, 3)->nullable();
        }
    });
}

class Job extends Model
{
    public $timestamps = false;
    protected $dateFormat = 'Y-m-d H:i:s.v';
    protected $casts = ['queued_at' => 'datetime', 'started_at' => 'datetime', 'heartbeat_at' => 'datetime', 'ended_at' => 'datetime'];

    // The host's own states, as the domain has them.
    const STATUS = ['waiting' => ['queued', 'pending'], 'working' => ['running', 'pending'],
        'done' => ['completed', 'succeeded'], 'error' => ['completed', 'failed']];

    public function wire(): array
    {
        [$status, $outcome] = self::STATUS[$this->state];

        return ['id' => (string) $this->id, 'source' => 'host', 'type' => $this->kind, 'title' => $this->title,
            'tenant' => ['id' => $this->tenant], 'status' => $status, 'outcome' => $outcome, 'queued_at' => instant($this->queued_at),
            'started_at' => instant($this->started_at), 'heartbeat_at' => instant($this->heartbeat_at), 'ended_at' => instant($this->ended_at),
            'native' => ['status' => $this->state]];
    }
}

class RunsController
{
    public function index(Request $request)
    {
        // A filter that this host does not have is refused: ignored, it would show more than was asked for.
        foreach (['problem_class', 'workspace_id', 'q', 'since', 'sort'] as $name) {
            if ($request->filled($name) && $request->query($name) !== '-queued') {
                return problem(400, 'Bad Request', ['parameter' => $name]);
            }
        }
        $after = null;
        if ($request->filled('cursor')) {
            if (! preg_match('/^(\d{4}-\d\d-\d\dT[\d:.]+Z)~(\d+)$/', $request->query('cursor'), $parts)) {
                return problem(400, 'Bad Request', ['parameter' => 'cursor']);
            }
            $after = [Carbon::parse($parts[1])->format('Y-m-d H:i:s.v'), (int) $parts[2]];
        }
        $wanted = array_filter(explode(',', $request->query('status', '')));
        $states = array_keys(array_filter(Job::STATUS, fn ($own) => in_array($own[0], $wanted, true)));
        $limit = max(1, min((int) $request->query('limit', 100), 500));
        $found = self::own($request)
            ->when($wanted, fn ($query) => $query->whereIn('state', $states))
            ->when($request->filled('type'), fn ($query) => $query->where('kind', $request->query('type')))
            ->when($request->filled('source'), fn ($query) => $query->whereRaw('? = ?', ['host', $request->query('source')]))
            ->when($after, fn ($query) => $query->whereRaw('(queued_at, id) < (?, ?)', $after))
            ->orderByDesc('queued_at')->orderByDesc('id')->limit($limit + 1)->get();
        $rows = $found->take($limit);
        $body = ['runs' => $rows->map->wire()->values()];
        if ($found->count() > $limit) {
            $body['next'] = instant($rows->last()->queued_at).'~'.$rows->last()->id;
        }

        return answer($request, $body, ['now' => instant(Carbon::now())]);
    }

    public function show(Request $request, string $id)
    {
        $job = self::own($request)->where('id', $id)->first();

        return $job === null ? problem(404, 'Not Found') : answer($request, $job->wire());
    }

    public function policy(Request $request)
    {
        return answer($request, ['version' => 1, 'defaults' => ['silence' => ['late' => '2m', 'stale' => '10m']]]);
    }

    private static function own(Request $request)
    {
        return Job::query()->whereIn('tenant', $request->filled('tenant_id') ? [$request->query('tenant_id')] : tenantsOf($request));
    }
}

function instant(?Carbon $time): ?string
{
    return $time?->utc()->format('Y-m-d\TH:i:s.v\Z');
}

/** Whoever is signed in, by the session of the panel (`$request->user()->tenants`); here by a token, one for each tenant. */
function tenantsOf(Request $request): ?array
{
    return ['seven' => ['7'], 'both' => ['7', '8']][$request->bearerToken() ?? $request->cookie('token') ?? ''] ?? null;
}

function onlyOwn(Request $request, Closure $next)
{
    $mine = tenantsOf($request);
    if ($mine === null) {
        return problem(401, 'Unauthorized');
    }

    // The same response for a tenant of others and for one that does not exist.
    return $request->filled('tenant_id') && ! in_array($request->query('tenant_id'), $mine, true) ? problem(404, 'Not Found') : $next($request);
}

function answer(Request $request, $body, array $stamps = []): JsonResponse
{
    $response = new JsonResponse($body + $stamps, 200, ['Cache-Control' => 'private, no-store']);
    $response->setEtag(hash('sha256', json_encode($body)), true);
    $response->isNotModified($request);

    return $response;
}

function problem(int $status, string $title, array $more = []): JsonResponse
{
    return new JsonResponse(['type' => 'about:blank', 'title' => $title, 'status' => $status] + $more, $status,
        ['Content-Type' => 'application/problem+json']);
}

const PAGE = <<<'HTML'
<!doctype html><title>Jobs</title><script type="module" src="/elements.js"></script>
<ops-kpis src="/api" list-href="/jobs"></ops-kpis>
<ops-list src="/api" sync-url="push" run-href="/jobs/{id}"></ops-list>
HTML;

$app = new Illuminate\Container\Container();
$router = new Illuminate\Routing\Router(new Illuminate\Events\Dispatcher($app), $app);
$router->group(['prefix' => 'api', 'middleware' => Closure::fromCallable('onlyOwn')], function ($router) {
    $router->get('runs', [RunsController::class, 'index']);
    $router->get('runs/{id}', [RunsController::class, 'show']);
    $router->get('policy', [RunsController::class, 'policy']);
});
$router->get('jobs', fn () => PAGE);
$router->get('elements.js', fn () => new BinaryFileResponse(getenv('ELEMENTS'), 200, ['Content-Type' => 'text/javascript']));

$request = Request::capture();
$app->instance(Request::class, $request);
$router->dispatch($request)->prepare($request)->send();
