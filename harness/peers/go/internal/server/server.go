// Package server serves the HTTP surfaces.
package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"time"

	"lakehouse.invalid/peer/internal/embed"
	"lakehouse.invalid/peer/internal/iterate"
	"lakehouse.invalid/peer/internal/matrix"
	"lakehouse.invalid/peer/internal/ollama"
	"lakehouse.invalid/peer/internal/roster"
	"lakehouse.invalid/peer/internal/understand"
	"lakehouse.invalid/peer/internal/vectors"
	"lakehouse.invalid/peer/internal/vectorsearch"
	"lakehouse.invalid/peer/internal/wire"
)

// Config has a server's settings. RosterFile and OllamaURL may be empty; an
// UpstreamTimeout of 0 means the defaults.
type Config struct {
	Root            string
	RosterFile      string
	OllamaURL       string
	Lexicon         string // a folder; without one, queries are not understood
	UpstreamTimeout time.Duration
	Version         string
}

// Server answers requests.
type Server struct {
	config  Config
	roster  atomic.Pointer[roster.Roster]
	embed   *embed.Service
	iterate *iterate.Service
	store   *vectors.Store
	vectors *vectorsearch.Service
	matrix  *matrix.Service
	routes  []pattern
}

// New returns a server; a roster that cannot be loaded is an error.
func New(config Config) (*Server, error) {
	s := &Server{config: config, embed: embed.New(nil), iterate: &iterate.Service{Root: config.Root}}
	if config.OllamaURL != "" {
		client := ollama.New(config.OllamaURL, config.UpstreamTimeout)
		s.embed = embed.New(client)
		s.iterate.Chatter = client
	}
	workers, err := roster.Load(config.RosterFile)
	if err != nil {
		return nil, err
	}
	s.roster.Store(workers)
	s.store, err = vectors.Open(filepath.Join(config.Root, "vectors.jsonl"), matrix.Facets...)
	if err != nil {
		return nil, err
	}
	s.vectors = &vectorsearch.Service{Store: s.store}
	s.matrix = &matrix.Service{Store: s.store, Embed: s.embed}
	if config.Lexicon != "" {
		if s.matrix.Dictionary, err = understand.Load(config.Lexicon); err != nil {
			return nil, err
		}
	}
	s.routes = compile(s.surface(), s.vectorRoutes(), s.matrixRoutes())
	return s, nil
}

// Close closes the server's files.
func (s *Server) Close() error { return s.store.Close() }

// shutdownGrace is the time that running requests have to end before their
// connections are closed.
const shutdownGrace = 3 * time.Second

// Serve answers requests on a listener until ctx is done, then closes the
// server.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	defer s.Close()
	server := &http.Server{
		Handler:                      s,
		ReadHeaderTimeout:            10 * time.Second,
		DisableGeneralOptionsHandler: true,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.Background(), shutdownGrace)
	defer cancel()
	if err := server.Shutdown(grace); errors.Is(err, context.DeadlineExceeded) {
		return server.Close()
	} else if err != nil {
		return fmt.Errorf("cannot shut down: %w", err)
	}
	return nil
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	trace := traceID(r.Header, time.Now())
	w.Header().Set(traceHeader, trace)
	var status int
	var body []byte
	err := checkSender(r)
	if err == nil {
		status, body, err = s.answer(w, r, trace)
	}
	kind := "application/json"
	if err != nil {
		p := wire.AsProblem(err)
		status, body, kind = p.Status, p.AppendJSON(nil, trace), "application/problem+json"
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	w.Write(body)
}

// drainLimit is the number of bytes of an oversized body that are still read,
// so that its sender can read the answer.
const drainLimit = 64 << 20

func drain(r *http.Request) { io.CopyN(io.Discard, r.Body, drainLimit) }

func readBody(r *http.Request) ([]byte, error) {
	if err := checkType(r, jsonTypes, "application/json"); err != nil {
		if r.Header.Get("Expect") == "" {
			drain(r)
		}
		return nil, err
	}
	tooLarge := r.ContentLength > wire.MaxBody
	if tooLarge && r.Header.Get("Expect") != "" {
		// The sender waits for permission before it sends.
		return nil, wire.TooLarge(wire.Body)
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, wire.MaxBody+1))
	if len(body) > wire.MaxBody {
		drain(r)
		return nil, wire.TooLarge(wire.Body)
	}
	if err != nil {
		return nil, wire.CutOff()
	}
	return body, nil
}
