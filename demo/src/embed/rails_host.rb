# A Rails host in one file. Run it with a config.ru of two lines: require_relative 'rails_host'; run Host
require 'action_controller/railtie'
require 'active_record'

class Host < Rails::Application
  config.eager_load = false
  config.secret_key_base = 'example'
  config.hosts.clear
  config.logger = Logger.new(IO::NULL)
end

ActiveRecord::Base.establish_connection(adapter: 'sqlite3', database: ENV.fetch('DB', 'jobs.db'))
ActiveRecord::Base.connection.create_table(:jobs, if_not_exists: true) do |table|
  table.string :kind, :title, :tenant, :state, null: false
  table.datetime :queued_at, precision: 3, null: false
  %i[started_at heartbeat_at ended_at].each { |name| table.datetime name, precision: 3 }
end

class Job < ActiveRecord::Base
  # The host's own states, as the domain has them.
  STATUS = { 'enqueued' => %w[queued pending], 'performing' => %w[running pending],
             'finished' => %w[completed succeeded], 'failed' => %w[completed failed] }.freeze

  def wire
    status, outcome = STATUS.fetch(state)
    { id: id.to_s, source: 'host', type: kind, title: title, tenant: { id: tenant }, status: status, outcome: outcome,
      queued_at: at(queued_at), started_at: at(started_at), heartbeat_at: at(heartbeat_at), ended_at: at(ended_at),
      native: { status: state } }
  end

  private

  def at(time) = time&.utc&.iso8601(3)
end

class RunsController < ActionController::Base
  before_action :only_own
  rescue_from(ArgumentError) { problem(400, 'Bad Request', parameter: 'cursor') }

  def index
    # A filter that this host does not have is refused: ignored, it would show more than was asked for.
    %w[problem_class workspace_id q since sort].each do |name|
      return problem(400, 'Bad Request', parameter: name) if params[name].present? && params[name] != '-queued'
    end
    jobs = params[:source].in?([nil, '', 'host']) ? @jobs : @jobs.none
    jobs = jobs.where(kind: params[:type]) if params[:type].present?
    if params[:status].present?
      wanted = params[:status].split(',')
      jobs = jobs.where(state: Job::STATUS.select { |_, (status, _)| wanted.include?(status) }.keys)
    end
    if params[:cursor].present?
      at, id = params[:cursor].split('~')
      at = Time.iso8601(at)
      jobs = jobs.where(queued_at: ...at).or(jobs.where(queued_at: at, id: ...id.to_i))
    end
    limit = (params[:limit].presence || 100).to_i.clamp(1, 500)
    found = jobs.order(queued_at: :desc, id: :desc).limit(limit + 1).to_a
    rows = found.first(limit)
    body = { runs: rows.map(&:wire) }
    body[:next] = "#{rows.last.queued_at.utc.iso8601(3)}~#{rows.last.id}" if found.size > limit
    answer body, now: Time.now.utc.iso8601(3)
  end

  def show
    job = @jobs.find_by(id: params[:id])
    job ? answer(job.wire) : problem(404, 'Not Found')
  end

  def policy
    answer({ version: 1, defaults: { silence: { late: '2m', stale: '10m' } } })
  end

  private

  # Whoever is signed in, by the session of the host (`current_user.tenants`); here by a token, one for each tenant.
  def mine
    token = request.headers['Authorization'].to_s.delete_prefix('Bearer ').presence || cookies[:token]
    { 'seven' => %w[7], 'both' => %w[7 8] }[token]
  end

  def only_own
    return problem(401, 'Unauthorized') unless mine
    asked = params[:tenant_id].presence
    # The same response for a tenant of others and for one that does not exist.
    return problem(404, 'Not Found') if asked && !mine.include?(asked)

    @jobs = Job.where(tenant: asked || mine)
  end

  def answer(body, stamps = {})
    response.cache_control.replace(no_store: true)
    response.date = Time.now
    render json: body.merge(stamps) if stale?(etag: body.to_json)
  end

  def problem(status, title, **more)
    render json: { type: 'about:blank', title: title, status: status, **more }, status: status,
           content_type: 'application/problem+json'
  end
end

class JobsController < ActionController::Base
  PAGE = <<~HTML
    <!doctype html><title>Jobs</title><script type="module" src="/elements.js"></script>
    <ops-kpis src="/api" list-href="/jobs"></ops-kpis>
    <ops-list src="/api" sync-url="push" run-href="/jobs/{id}"></ops-list>
  HTML

  def index = render(html: PAGE.html_safe)
  def elements = send_file(ENV.fetch('ELEMENTS'), type: 'text/javascript', disposition: 'inline')
end

Host.initialize!
Host.routes.draw do
  scope '/api' do
    get 'runs', to: 'runs#index'
    get 'runs/:id', to: 'runs#show', constraints: { id: %r{[^/]+} }
    get 'policy', to: 'runs#policy'
  end
  get 'jobs', to: 'jobs#index'
  get 'elements.js', to: 'jobs#elements'
end
