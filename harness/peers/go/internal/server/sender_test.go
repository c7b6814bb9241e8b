package server

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"lakehouse.invalid/peer/internal/wire"
)

// status returns that of the problem, or 200.
func status(err error) int {
	if err == nil {
		return 200
	}
	return wire.AsProblem(err).Status
}

func TestCheckSender(t *testing.T) {
	for _, c := range []struct {
		want  int
		hosts []string
	}{
		{200, []string{"localhost", "LocalHost:1", "127.0.0.1:3110", "127.9.9.9", "localhost:", "[::1]:1", "[0:0:0:0:0:0:0:1]"}},
		{403, []string{"evil.example", ":1", "localhost.", "localhost.evil.example", "127.0.0.1.evil.example", "127.1", "0177.0.0.1", "10.0.0.1", "0.0.0.0", "[::]", "[::ffff:127.0.0.1]"}},
		{400, []string{"a b", "localhost/x", "me@localhost", "localhost:x", "[::1", "[::1]x", "[x]", "[127.0.0.1]"}},
	} {
		for _, host := range c.hosts {
			r := httptest.NewRequest("GET", "/", nil)
			r.Host = host
			if got := status(checkSender(r)); got != c.want {
				t.Errorf("host %q: %d", host, got)
			}
			r.Host = "localhost"
			r.Header.Set("Origin", "https://"+host)
			if got := status(checkSender(r)); (got == 200) != (c.want == 200) {
				t.Errorf("origin https://%s: %d", host, got)
			}
		}
	}
	for _, origin := range []string{"", "null", "localhost", "file://", "ftp://localhost", "http://localhost/", "http://localhost@evil.example"} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Host = "localhost"
		r.Header["Origin"] = []string{origin}
		if got := status(checkSender(r)); got != 403 {
			t.Errorf("origin %q: %d", origin, got)
		}
	}
	r := httptest.NewRequest("GET", "/", nil)
	r.Host = ""
	if got := status(checkSender(r)); got != 403 {
		t.Errorf("an empty host: %d", got)
	}
	r.Proto, r.ProtoMajor, r.ProtoMinor = "HTTP/1.0", 1, 0
	if err := checkSender(r); err != nil {
		t.Error(err)
	}
}

func TestCheckType(t *testing.T) {
	for _, c := range []struct {
		json, lines int
		values      []string
	}{
		{200, 200, nil},
		{200, 200, []string{""}},
		{200, 200, []string{"Application/JSON ; charset=x"}},
		{200, 200, []string{"application/merge-patch+json"}},
		{415, 200, []string{"application/x-ndjson"}},
		{415, 200, []string{"application/jsonl; charset=utf-8"}},
		{415, 415, []string{"text/plain; x=application/json"}},
		{415, 415, []string{"application/x-www-form-urlencoded"}},
		{415, 415, []string{"application/json, text/plain"}},
		{415, 415, []string{"application/json", "application/json"}},
		{415, 415, []string{";"}},
	} {
		r := &http.Request{Header: http.Header{"Content-Type": c.values}}
		if got := status(checkType(r, jsonTypes, "")); got != c.json {
			t.Errorf("%q: %d", c.values, got)
		}
		if got := status(checkType(r, lineTypes, "")); got != c.lines {
			t.Errorf("%q as lines: %d", c.values, got)
		}
	}
	r := &http.Request{Header: http.Header{"Content-Type": {"text/\xe9", "x"}}}
	want := "content type `text/?, x` is not accepted; send `application/json` (curl: `-H 'content-type: application/json'`)"
	if got := checkType(r, jsonTypes, "application/json").Error(); got != want {
		t.Error(got)
	}
}
