<?php
require '/usr/share/php/Illuminate/autoload.php';
use Illuminate\Database\Capsule\Manager as Database;
use Illuminate\Queue\Capsule\Manager as Queue;
use Illuminate\Queue\Connectors\DatabaseConnector;
$app = new Illuminate\Container\Container;
Illuminate\Container\Container::setInstance($app);
$url = parse_url(getenv('DATABASE'));
$database = new Database($app);
$database->addConnection(getenv('DATABASE_FILE')
    ? ['driver' => 'sqlite', 'database' => getenv('DATABASE_FILE')]
    : ['driver' => 'pgsql', 'host' => $url['host'], 'port' => $url['port'], 'database' => trim($url['path'], '/'), 'username' => $url['user'], 'password' => '', 'charset' => 'utf8']);
$database->setAsGlobal();
$queues = new Queue($app);
$queues->addConnection(['driver' => 'database', 'table' => 'jobs', 'queue' => 'default', 'retry_after' => 90]);
$queues->getQueueManager()->addConnector('database', fn () => new DatabaseConnector($database->getDatabaseManager()));
$queue = $queues->getConnection();
class NightlyReport { public function fire($job, $data) { sleep(3600); } }
class Failing { public function fire($job, $data) { $job->release(3600); } }
class Quick { public function fire($job, $data) { $job->delete(); } }
[, $command, $name, $class, $delay] = $argv + [1 => '', 2 => 'default', 3 => '', 4 => 0];
switch ($command) {
    case 'migrate':
        Database::schema()->create('jobs', function ($table) {
            $table->bigIncrements('id');
            $table->string('queue')->index();
            $table->longText('payload');
            $table->unsignedTinyInteger('attempts');
            $table->unsignedInteger('reserved_at')->nullable();
            $table->unsignedInteger('available_at');
            $table->unsignedInteger('created_at');
        });
        Database::schema()->create('job_batches', function ($table) {
            $table->string('id')->primary();
            $table->string('name');
            $table->integer('total_jobs');
            $table->integer('pending_jobs');
            $table->integer('failed_jobs');
            $table->text('failed_job_ids');
            $table->mediumText('options')->nullable();
            $table->integer('cancelled_at')->nullable();
            $table->integer('created_at');
            $table->integer('finished_at')->nullable();
        });
        break;
    case 'push':
        echo $delay ? $queue->later((int) $delay, $class, ['tenant' => 'acme'], $name) : $queue->push($class, ['tenant' => 'acme'], $name);
        break;
    case 'work':
        while (true) {
            $job = $queue->pop($name);
            if ($job) { $job->fire(); } else { usleep(200000); }
        }
    case 'batch':
        $batches = new Illuminate\Bus\DatabaseBatchRepository(new Illuminate\Bus\BatchFactory($queues->getQueueManager()), $database->getConnection(), 'job_batches');
        $pending = new Illuminate\Bus\PendingBatch($app, new Illuminate\Support\Collection());
        $batch = $batches->store($pending->name($name));
        $batches->incrementTotalJobs($batch->id, 5);
        $batches->decrementPendingJobs($batch->id, 'a');
        if ($class === 'fail') { $batches->incrementFailedJobs($batch->id, 'b'); }
        if ($class === 'finish') { $batches->markAsFinished($batch->id); }
        if ($class === 'cancel') { $batches->cancel($batch->id); }
        echo $batch->id;
}
