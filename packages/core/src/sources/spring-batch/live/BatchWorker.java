import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.batch.core.configuration.annotation.EnableBatchProcessing;
import org.springframework.batch.core.configuration.annotation.EnableJdbcJobRepository;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.item.ItemReader;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/** The program of the live test: BatchWorker chunks|tasklet name count, where a chunk of two items takes two seconds. */
public class BatchWorker {
  @Configuration
  @EnableBatchProcessing
  @EnableJdbcJobRepository
  static class Batch {
    @Bean
    DataSource dataSource() {
      var source = new PGSimpleDataSource();
      source.setURL(System.getenv("JDBC_URL"));
      return source;
    }

    @Bean
    PlatformTransactionManager transactionManager(DataSource source) {
      return new JdbcTransactionManager(source);
    }
  }

  public static void main(String[] args) throws Exception {
    var context = new AnnotationConfigApplicationContext(Batch.class);
    var repository = context.getBean(JobRepository.class);
    var transactions = context.getBean(PlatformTransactionManager.class);
    int count = Integer.parseInt(args[2]);
    Step step = args[0].equals("chunks") ? chunks(repository, transactions, count) : tasklet(repository, transactions, count);
    Job job = new JobBuilder(args[1], repository).start(step).build();
    var parameters = new JobParametersBuilder().addString("tenant", "acme").addLong("at", System.nanoTime()).toJobParameters();
    context.getBean(JobOperator.class).start(job, parameters);
    System.exit(0);
  }

  static Step chunks(JobRepository repository, PlatformTransactionManager transactions, int count) {
    var read = new AtomicInteger();
    ItemReader<Integer> reader = () -> {
      int next = read.incrementAndGet();
      if (next > count) return null;
      Thread.sleep(1000);
      return next;
    };
    return new StepBuilder("load", repository).<Integer, Integer>chunk(2).transactionManager(transactions).reader(reader).writer(items -> {}).build();
  }

  static Step tasklet(JobRepository repository, PlatformTransactionManager transactions, int seconds) {
    return new StepBuilder("wait", repository)
        .tasklet((contribution, chunk) -> {
          if (seconds < 0) throw new IllegalStateException("no such mailbox");
          Thread.sleep(seconds * 1000L);
          return RepeatStatus.FINISHED;
        }, transactions)
        .build();
  }
}
