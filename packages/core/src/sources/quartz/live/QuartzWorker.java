import static org.quartz.JobBuilder.newJob;
import static org.quartz.TriggerBuilder.newTrigger;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Date;
import java.util.Properties;
import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobExecutionContext;
import org.quartz.JobExecutionException;
import org.quartz.TriggerKey;
import org.quartz.impl.StdSchedulerFactory;
import org.quartz.utils.ConnectionProvider;

/** The program of the live test: QuartzWorker scheduler [quick|sleep|serial|paused name]..., each in a cluster of its own. */
public class QuartzWorker {
  public static class Quick implements Job {
    @Override
    public void execute(JobExecutionContext context) {}
  }

  public static class Sleep implements Job {
    @Override
    public void execute(JobExecutionContext context) throws JobExecutionException {
      try {
        Thread.sleep(3_600_000);
      } catch (InterruptedException e) {
        throw new JobExecutionException(e);
      }
    }
  }

  @DisallowConcurrentExecution
  public static class Serial extends Sleep {}

  public static class Provider implements ConnectionProvider {
    @Override
    public Connection getConnection() throws SQLException {
      return DriverManager.getConnection(System.getenv("JDBC_URL"));
    }

    @Override
    public void initialize() {}

    @Override
    public void shutdown() {}
  }

  public static void main(String[] args) throws Exception {
    var settings = new Properties();
    settings.put("org.quartz.scheduler.instanceName", args[0]);
    settings.put("org.quartz.scheduler.instanceId", "AUTO");
    settings.put("org.quartz.threadPool.threadCount", "5");
    settings.put("org.quartz.jobStore.class", "org.quartz.impl.jdbcjobstore.JobStoreTX");
    settings.put("org.quartz.jobStore.driverDelegateClass", "org.quartz.impl.jdbcjobstore.PostgreSQLDelegate");
    settings.put("org.quartz.jobStore.dataSource", "live");
    settings.put("org.quartz.jobStore.isClustered", "true");
    settings.put("org.quartz.jobStore.clusterCheckinInterval", "2000");
    settings.put("org.quartz.dataSource.live.connectionProvider.class", Provider.class.getName());
    var scheduler = new StdSchedulerFactory(settings).getScheduler();
    for (int i = 1; i < args.length; i += 2) {
      String name = args[i + 1];
      Class<? extends Job> kind =
          switch (args[i]) {
            case "sleep" -> Sleep.class;
            case "serial" -> Serial.class;
            default -> Quick.class;
          };
      var trigger = newTrigger().withIdentity(name).startAt(new Date(System.currentTimeMillis() + 1000)).build();
      scheduler.scheduleJob(newJob(kind).withIdentity(name).build(), trigger);
      if (args[i].equals("serial")) {
        scheduler.scheduleJob(newTrigger().withIdentity(name + "-again").forJob(name).startAt(trigger.getStartTime()).build());
      }
      if (args[i].equals("paused")) scheduler.pauseTrigger(new TriggerKey(name));
    }
    scheduler.start();
  }
}
