# The template of a formula: put the URL of the published package and its checksum in.
class Tardy < Formula
  desc "Finds runs that say running long after their worker died"
  homepage "https://git.example/tardy/tardy"
  url "https://git.example/tardy/tardy/releases/download/v0.1.0/tardy-cli-0.1.0.tgz"
  sha256 "0000000000000000000000000000000000000000000000000000000000000000"
  license "MIT"

  depends_on "node"

  def install
    system "npm", "install", *std_npm_args
    bin.install_symlink libexec.glob("bin/*")
  end

  test do
    (testpath/"runs.json").write <<~JSON
      { "runs": [{ "source": "host", "id": "7", "type": "sync", "title": "Sync", "status": "running",
                   "queued_at": "2026-01-01T00:00:00Z", "started_at": "2026-01-01T00:00:00Z" }] }
    JSON
    assert_match "Likely stuck", shell_output("#{bin}/tardy check file:runs.json", 1)
  end
end
