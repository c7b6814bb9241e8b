package server

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestTraceID(t *testing.T) {
	const parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
	now := time.UnixMilli(0x18abbabdc23)
	for _, c := range []struct{ own, parent, want string }{
		{"18abbabdc2306a83-c2306aa9", parent, "18abbabdc2306a83-c2306aa9"},
		{strings.Repeat("a", 128), "", strings.Repeat("a", 128)},
		{strings.Repeat("a", 129), parent, "4bf92f3577b34da6a3ce929d0e0e4736"},
		{"a b", parent, "4bf92f3577b34da6a3ce929d0e0e4736"},
		{"", strings.ToUpper(parent), ""},
		{"", "ff" + parent[2:], ""},
		{"", parent + "-x", ""},
		{"", "00-00000000000000000000000000000000-00f067aa0ba902b7-01", ""},
		{"", "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", ""},
		{"é", "", ""},
	} {
		h := http.Header{}
		h.Set("X-Lakehouse-Trace-Id", c.own)
		h.Set("traceparent", c.parent)
		got := traceID(h, now)
		if c.want == "" {
			if !regexp.MustCompile(`^018abbabdc23[0-9a-f]{20}$`).MatchString(got) {
				t.Errorf("%+v: %s", c, got)
			}
		} else if got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

const worker = `{"worker_id":"w-1","name":"Ana Ruiz","city":"c","state":"s","phone":"p","email":"e","roles":[],"active":true}`

func start(t *testing.T) (url, rosterFile string) {
	t.Helper()
	return startWith(t, "")
}

// startWith starts a server with the lexicon of a folder.
func startWith(t *testing.T, lexicon string) (url, rosterFile string) {
	t.Helper()
	rosterFile = filepath.Join(t.TempDir(), "roster.jsonl")
	if err := os.WriteFile(rosterFile, []byte(worker), 0o644); err != nil {
		t.Fatal(err)
	}
	s, err := New(Config{Root: t.TempDir(), RosterFile: rosterFile, Version: "1.2.3", Lexicon: lexicon})
	if err != nil {
		t.Fatal(err)
	}
	ts := httptest.NewServer(s)
	t.Cleanup(ts.Close)
	return ts.URL, rosterFile
}

// call returns the answer's status, content type and body.
func call(t *testing.T, method, url, body string) (int, string, string) {
	t.Helper()
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Lakehouse-Trace-Id", "t-1")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.Header.Get("X-Lakehouse-Trace-Id") != "t-1" {
		t.Errorf("%s %s: the trace id is %q", method, url, resp.Header.Get("X-Lakehouse-Trace-Id"))
	}
	if (resp.StatusCode == 405) != (resp.Header.Get("Allow") != "") {
		t.Errorf("%s %s: Allow is %q", method, url, resp.Header.Get("Allow"))
	}
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, resp.Header.Get("Content-Type"), string(text)
}

func problem(status, title, detail string) string {
	return `{"type":"about:blank","title":"` + title + `","status":` + status + `,"detail":"` + detail + `","trace_id":"t-1"}`
}

func TestRoutes(t *testing.T) {
	url, _ := start(t)
	const fill = `{"kind":"fill","artifact":{"fills":[{"worker_id":"w-2"},{"worker_id":"w-3"}]}}`
	const first = `{"Consistency":{"reason":"worker ` + "`w-2`" + ` is not in the roster"}}`
	for _, c := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"GET", "/health?x", "", 200, `{"status":"ok","service":"gateway","version":"1.2.3"}`},
		{"HEAD", "/health", "", 200, ""},
		{"GET", "/nowhere/%7e?x=1", "", 404, problem("404", "Not Found", "no route for `GET /nowhere/%7e`")},
		{"POST", "/v1/embed/", "", 404, problem("404", "Not Found", "no route for `POST /v1/embed/`")},
		{"POST", "//v1/embed", "", 404, problem("404", "Not Found", "no route for `POST //v1/embed`")},
		{"GET", "/v1/embed", "", 405, problem("405", "Method Not Allowed", "`GET` is not allowed on `/v1/embed`; allowed: `POST`")},
		{"POST", "/health", "", 405, problem("405", "Method Not Allowed", "`POST` is not allowed on `/health`; allowed: `GET`, `HEAD`")},
		{"POST", "/v1/embed", strings.Repeat(" ", 3<<20), 413, problem("413", "Content Too Large", "request body is larger than 1048576 bytes")},
		{"POST", "/ai/embed", "x", 400, problem("400", "Bad Request", "request body is not valid JSON")},
		{"POST", "/v1/validate?al=x", "x", 400, problem("400", "Bad Request", "unknown query parameter `al`; expected one of `all`")},
		{"POST", "/v1/validate?all=TRUE", "x", 400, problem("400", "Bad Request", "query parameter `all` must be `true` or `false`")},
		{"POST", "/v1/validate?all=false", fill, 422, first},
		{"POST", "/v1/validate?%61ll=true", fill, 422, `{"failures":[` + first + `,` + strings.Replace(first, "w-2", "w-3", 1) + `]}`},
		{"POST", "/v1/validate", "[]", 400, problem("400", "Bad Request", "request body must be a JSON object")},
		{"POST", "/v1/iterate", `{"kind":"sms","prompt":"p","provider":"ollama","model":"m"}`, 400, problem("400", "Bad Request", "unknown provider `ollama`; configured: none")},
	} {
		status, kind, body := call(t, c.method, url+c.path, c.body)
		wantKind := "application/json"
		if strings.Contains(c.want, "about:blank") {
			wantKind = "application/problem+json"
		}
		if status != c.status || body != c.want || kind != wantKind {
			t.Errorf("%s %s: %d %s %s", c.method, c.path, status, kind, body)
		}
	}
}

func TestReload(t *testing.T) {
	url, file := start(t)
	reload := func() (int, string) {
		status, _, body := call(t, "POST", url+"/v1/validate/roster/reload", "")
		return status, body
	}
	write := func(content string) {
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	const uses = `{"kind":"fill","artifact":{"fills":[{"worker_id":"w-2"}]}}`
	write(worker + "\n" + strings.Replace(worker, "w-1", "w-2", 1))
	if status, body := reload(); status != 200 || body != `{"workers":2}` {
		t.Errorf("%d %s", status, body)
	}
	write(worker + "\n{}")
	want := problem("422", "Unprocessable Content", "roster line 2: missing field `worker_id`")
	if status, body := reload(); status != 422 || body != want {
		t.Errorf("%d %s", status, body)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	want = problem("422", "Unprocessable Content", "roster cannot be read")
	if status, body := reload(); status != 422 || body != want {
		t.Errorf("%d %s", status, body)
	}
	if status, _, body := call(t, "POST", url+"/v1/validate", uses); status != 200 {
		t.Errorf("the roster is lost: %d %s", status, body)
	}
}

func TestServeEnds(t *testing.T) {
	s, err := New(Config{Root: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, listener) }()
	if status, _, _ := call(t, "GET", "http://"+listener.Addr().String()+"/health", ""); status != 200 {
		t.Errorf("health answers %d", status)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestNewRefusesABadRoster(t *testing.T) {
	if _, err := New(Config{RosterFile: filepath.Join(t.TempDir(), "none")}); err == nil {
		t.Error("started without its roster")
	}
}
