// The programs of the live test: `river migrate`, `river work <queue>`, `river insert <queue> <kind> [seconds until it is due]`,
// `river pause <queue>`.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

type quick struct {
	Tenant string `json:"tenant"`
}
type report struct {
	Tenant string `json:"tenant"`
}
type load struct {
	Tenant string `json:"tenant"`
}
type failing struct {
	Tenant string `json:"tenant"`
}

func (quick) Kind() string   { return "quick" }
func (report) Kind() string  { return "nightly-report" }
func (load) Kind() string    { return "import" }
func (failing) Kind() string { return "failing" }

type quickWorker struct{ river.WorkerDefaults[quick] }
type reportWorker struct{ river.WorkerDefaults[report] }
type loadWorker struct{ river.WorkerDefaults[load] }
type failingWorker struct{ river.WorkerDefaults[failing] }

func (*quickWorker) Work(context.Context, *river.Job[quick]) error { return nil }

func (*reportWorker) Timeout(*river.Job[report]) time.Duration { return -1 }

func (*reportWorker) Work(ctx context.Context, _ *river.Job[report]) error {
	return sleep(ctx, time.Hour)
}

func (*loadWorker) Work(ctx context.Context, _ *river.Job[load]) error {
	return sleep(ctx, 40*time.Second)
}

func sleep(ctx context.Context, span time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(span):
		return nil
	}
}

func (*failingWorker) Work(context.Context, *river.Job[failing]) error {
	return errors.New("no such mailbox")
}

func (*failingWorker) NextRetry(*river.Job[failing]) time.Time { return time.Now().Add(time.Hour) }

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, args []string) error {
	pool, err := pgxpool.New(ctx, os.Getenv("DATABASE"))
	if err != nil {
		return err
	}
	driver := riverpgxv5.New(pool)
	switch args[0] {
	case "migrate":
		migrator, err := rivermigrate.New(driver, nil)
		if err != nil {
			return err
		}
		_, err = migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
		return err
	case "work":
		workers := river.NewWorkers()
		river.AddWorker(workers, &quickWorker{})
		river.AddWorker(workers, &reportWorker{})
		river.AddWorker(workers, &loadWorker{})
		river.AddWorker(workers, &failingWorker{})
		queues := map[string]river.QueueConfig{args[1]: {MaxWorkers: 1}}
		client, err := river.NewClient[pgx.Tx](driver, &river.Config{Queues: queues, Workers: workers})
		if err != nil {
			return err
		}
		if err := client.Start(ctx); err != nil {
			return err
		}
		select {}
	case "insert":
		client, err := river.NewClient[pgx.Tx](driver, &river.Config{})
		if err != nil {
			return err
		}
		options := &river.InsertOpts{Queue: args[1]}
		if len(args) > 3 {
			seconds, err := strconv.Atoi(args[3])
			if err != nil {
				return err
			}
			options.ScheduledAt = time.Now().Add(time.Duration(seconds) * time.Second)
		}
		kinds := map[string]river.JobArgs{
			"quick":          quick{Tenant: "acme"},
			"nightly-report": report{Tenant: "acme"},
			"import":         load{Tenant: "acme"},
			"failing":        failing{Tenant: "acme"},
		}
		inserted, err := client.Insert(ctx, kinds[args[2]], options)
		if err != nil {
			return err
		}
		fmt.Println(inserted.Job.ID)
		return nil
	case "pause":
		client, err := river.NewClient[pgx.Tx](driver, &river.Config{})
		if err != nil {
			return err
		}
		return client.QueuePause(ctx, args[1], nil)
	default:
		return fmt.Errorf("unknown: %s", args[0])
	}
}
