import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.time.Duration;
import java.time.Instant;
import org.postgresql.ds.PGSimpleDataSource;

/** The program of the live test: SchedulerWorker work task seconds, where fewer than 0 fail; SchedulerWorker add task instance seconds. */
public class SchedulerWorker {
  public static void main(String[] args) {
    var source = new PGSimpleDataSource();
    source.setURL(System.getenv("JDBC_URL"));
    long seconds = Long.parseLong(args[args.length - 1]);
    var task =
        Tasks.oneTime(args[1])
            .onFailure(new FailureHandler.OnFailureRetryLater<>(Duration.ofHours(1)))
            .execute(
                (instance, context) -> {
                  if (seconds < 0) throw new IllegalStateException("no such mailbox");
                  try {
                    Thread.sleep(seconds * 1000);
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                });
    if (args[0].equals("add")) {
      SchedulerClient.Builder.create(source, task).build().schedule(task.instance(args[2]), Instant.now().plusSeconds(seconds));
      return;
    }
    Scheduler.create(source, task)
        .threads(1)
        .pollingInterval(Duration.ofSeconds(1))
        .heartbeatInterval(Duration.ofSeconds(2))
        .build()
        .start();
  }
}
