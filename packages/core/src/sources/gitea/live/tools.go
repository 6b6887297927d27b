//go:build tools

// Package tools names the server, so that `go mod tidy` keeps what it needs.
package tools

import _ "code.gitea.io/gitea"
