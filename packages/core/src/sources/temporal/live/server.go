// The Temporal server on SQLite in memory, with its HTTP API, and access by signed tokens as its own authorizer reads them.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"

	"go.temporal.io/server/common/authorization"
	"go.temporal.io/server/common/cluster"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/dynamicconfig"
	"go.temporal.io/server/common/log"
	"go.temporal.io/server/common/persistence/sql/sqlplugin/sqlite"
	schema "go.temporal.io/server/schema/sqlite"
	"go.temporal.io/server/temporal"
)

const host = "127.0.0.1"

type settings struct {
	Grpc       int      `json:"grpc"`
	HTTP       int      `json:"http"`
	Free       []int    `json:"free"`
	Keys       string   `json:"keys"`
	Namespaces []string `json:"namespaces"`
}

func main() {
	var given settings
	must(json.Unmarshal([]byte(os.Args[1]), &given))
	cfg := configOf(given)
	sql := cfg.Persistence.DataStores[sqlite.PluginName].SQL
	var namespaces []*schema.NamespaceConfig
	for _, name := range given.Namespaces {
		namespace, err := schema.NewNamespaceConfig("active", name, false, nil)
		must(err)
		namespaces = append(namespaces, namespace)
	}
	must(schema.CreateNamespaces(sql, namespaces...))
	logger := log.NewZapLogger(log.BuildZapLogger(log.Config{Stdout: true, Level: "warn"}))
	authorizer, err := authorization.GetAuthorizerFromConfig(&cfg.Global.Authorization)
	must(err)
	claims, err := authorization.GetClaimMapperFromConfig(&cfg.Global.Authorization, logger)
	must(err)
	server, err := temporal.NewServer(
		temporal.WithConfig(cfg),
		temporal.ForServices([]string{"frontend", "internal-frontend", "history", "matching", "worker"}),
		temporal.WithLogger(logger),
		temporal.WithAuthorizer(authorizer),
		temporal.WithClaimMapper(func(*config.Config) authorization.ClaimMapper { return claims }),
		temporal.WithDynamicConfigClient(dynamicconfig.StaticClient{dynamicconfig.WorkflowPauseEnabled.Key(): true}),
		temporal.InterruptOn(temporal.InterruptCh()),
	)
	must(err)
	must(server.Start())
}

func configOf(given settings) *config.Config {
	free := given.Free
	next := func() int {
		port := free[0]
		free = free[1:]
		return port
	}
	service := func(grpc int, http int) config.Service {
		return config.Service{RPC: config.RPC{GRPCPort: grpc, HTTPPort: http, MembershipPort: next(), BindOnIP: host}}
	}
	cfg := &config.Config{}
	cfg.Global.Membership = config.Membership{MaxJoinDuration: 30 * time.Second, BroadcastAddress: host}
	cfg.Global.Authorization = config.Authorization{
		JWTKeyProvider:       config.JWTKeyProvider{KeySourceURIs: []string{given.Keys}},
		PermissionsClaimName: "permissions",
		Authorizer:           "default",
		ClaimMapper:          "default",
	}
	cfg.Persistence = config.Persistence{
		DefaultStore:     sqlite.PluginName,
		VisibilityStore:  sqlite.PluginName,
		NumHistoryShards: 1,
		DataStores: map[string]config.DataStore{sqlite.PluginName: {SQL: &config.SQL{
			PluginName:        sqlite.PluginName,
			DatabaseName:      "live",
			ConnectAttributes: map[string]string{"mode": "memory", "cache": "shared"},
		}}},
	}
	cfg.ClusterMetadata = &cluster.Config{
		FailoverVersionIncrement: 10,
		MasterClusterName:        "active",
		CurrentClusterName:       "active",
		ClusterInformation: map[string]cluster.ClusterInformation{
			"active": {Enabled: true, InitialFailoverVersion: 1, RPCAddress: fmt.Sprintf("%s:%d", host, given.Grpc)},
		},
	}
	cfg.DCRedirectionPolicy = config.DCRedirectionPolicy{Policy: "noop"}
	cfg.Services = map[string]config.Service{
		"frontend":          service(given.Grpc, given.HTTP),
		"internal-frontend": service(next(), 0),
		"history":           service(next(), 0),
		"matching":          service(next(), 0),
		"worker":            service(next(), 0),
	}
	cfg.Archival = config.Archival{
		History:    config.HistoryArchival{State: "disabled"},
		Visibility: config.VisibilityArchival{State: "disabled"},
	}
	cfg.NamespaceDefaults = config.NamespaceDefaults{Archival: config.ArchivalNamespaceDefaults{
		History:    config.HistoryArchivalNamespaceDefaults{State: "disabled"},
		Visibility: config.VisibilityArchivalNamespaceDefaults{State: "disabled"},
	}}
	return cfg
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
