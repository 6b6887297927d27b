# The programs of the live test: `jobs.rb migrate`, `jobs.rb work <queue>`, `jobs.rb enqueue <queue> <class> [seconds until it is due]`.
require 'logger'
require 'bigdecimal'
require 'active_record'
require 'delayed_job'
require 'delayed_job_active_record'

ActiveRecord::Base.default_timezone = :utc if ActiveRecord::Base.respond_to?(:default_timezone=)
ActiveRecord::Base.establish_connection(ENV.fetch('DATABASE'))

Quick = Class.new { def perform; end }
NightlyReport = Class.new { def perform = sleep(3600) }
Import = Class.new { def perform = sleep(40) }
Failing = Class.new do
  def perform = raise('no such mailbox')
  def reschedule_at(now, _attempts) = now + 3600
end
Hopeless = Class.new do
  def perform = raise('no such mailbox')
  def max_attempts = 1
end

command, queue, kind, seconds = ARGV
case command
when 'migrate'
  # As its generator writes it.
  ActiveRecord::Schema.define do
    create_table :delayed_jobs do |table|
      table.integer :priority, default: 0, null: false
      table.integer :attempts, default: 0, null: false
      table.text :handler, null: false
      table.text :last_error
      table.datetime :run_at
      table.datetime :locked_at
      table.datetime :failed_at
      table.string :locked_by
      table.string :queue
      table.timestamps null: true
    end
  end
when 'work'
  Delayed::Worker.logger = Logger.new($stderr)
  Delayed::Worker.sleep_delay = 1
  Delayed::Worker.queues = [queue]
  Delayed::Worker.destroy_failed_jobs = false
  Delayed::Worker.new.start
when 'enqueue'
  options = { queue: queue }
  options[:run_at] = Time.now + seconds.to_i if seconds
  puts Delayed::Job.enqueue(Object.const_get(kind).new, options).id
end
