// Package ollama is a client of an Ollama server.
package ollama

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// The time limits of a call unless configured.
const (
	EmbedTimeout = 30 * time.Second
	ChatTimeout  = 120 * time.Second
)

// Limits of idle connections.
const (
	idleConnections = 64
	idleTimeout     = 15 * time.Second
)

// maxAnswer is the maximum number of bytes read of an answer.
const maxAnswer = 512 << 20

// The failures other than a status.
var (
	ErrConnect     = errors.New("ollama: cannot connect")
	ErrInterrupted = errors.New("ollama: connection interrupted")
	ErrMalformed   = errors.New("ollama: answer is malformed")
)

// StatusError is an answer with a status other than 200. Words is what the
// server says about it, in one line; it may be empty.
type StatusError struct {
	Status int
	Words  string
}

func (e StatusError) Error() string { return "ollama: " + e.Answered() }

// Answered describes the answer without the server's name.
func (e StatusError) Answered() string {
	return fmt.Sprintf("answered status %d", e.Status) + e.AfterColon()
}

// AfterColon returns the words after a colon, or nothing.
func (e StatusError) AfterColon() string {
	if e.Words == "" {
		return ""
	}
	return ": " + e.Words
}

// TimeoutError is a call that exceeded its limit.
type TimeoutError time.Duration

func (e TimeoutError) Error() string {
	return fmt.Sprintf("ollama: timed out after %d ms", time.Duration(e).Milliseconds())
}

// Client calls the server at one address.
type Client struct {
	url                       string
	embedTimeout, chatTimeout time.Duration
	http                      http.Client
}

// New returns a client of the server at url. A timeout of 0 means the default
// of each call.
func New(url string, timeout time.Duration) *Client {
	c := &Client{
		url:          strings.TrimRight(url, "/"),
		embedTimeout: EmbedTimeout,
		chatTimeout:  ChatTimeout,
	}
	if timeout > 0 {
		c.embedTimeout, c.chatTimeout = timeout, timeout
	}
	c.http.Transport = &http.Transport{
		// A connection that the server closed would look like an interrupted
		// one, so idle connections are closed earlier than most servers close
		// them.
		IdleConnTimeout:     idleTimeout,
		MaxIdleConnsPerHost: idleConnections,
		DisableCompression:  true,
	}
	c.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return c
}

// post sends a JSON body and returns the answer's whole body.
func (c *Client) post(ctx context.Context, path string, body []byte, timeout time.Duration) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	answer, err := c.exchange(ctx, path, body)
	var status StatusError
	switch {
	case err == nil || errors.As(err, &status):
		return answer, err
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return nil, TimeoutError(timeout)
	}
	return nil, classify(err)
}

func (c *Client) exchange(ctx context.Context, path string, body []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, StatusError{resp.StatusCode, readWords(ctx, resp.Body)}
	}
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err == nil && len(answer) > maxAnswer {
		err = ErrMalformed
	}
	return answer, err
}

// classify maps an error of the transport to a failure of the contract. Every
// error besides a failed dial and a malformed answer is an interrupted
// connection, including an answer that is not HTTP.
func classify(err error) error {
	var op *net.OpError
	switch {
	case errors.As(err, &op) && op.Op == "dial":
		return ErrConnect
	case errors.Is(err, ErrMalformed):
		return ErrMalformed
	}
	return ErrInterrupted
}
