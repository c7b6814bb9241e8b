package ollama

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"lakehouse.invalid/peer/internal/rawjson"
)

// upstream is a server that gives every request the same answer and keeps the
// last request's path and body.
func upstream(t *testing.T, status int, answer string) (c *Client, last *string) {
	t.Helper()
	last = new(string)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		*last = r.URL.Path + " " + r.Header.Get("Content-Type") + " " + string(body)
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(status)
		io.WriteString(w, answer)
	}))
	t.Cleanup(server.Close)
	return New(server.URL+"/", 0), last
}

// raw is a server that writes some bytes and closes the connection.
func raw(t *testing.T, answer string) *Client {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			conn.Read(make([]byte, 4096))
			io.WriteString(conn, answer)
			conn.Close()
		}
	}()
	return New("http://"+listener.Addr().String(), 0)
}

func TestEmbed(t *testing.T) {
	c, last := upstream(t, 200, ` {"x":[],"embeddings":[[1, 2.5e0],[-3]],"embedding":null}`)
	got, err := c.Embed(context.Background(), "m<", []string{"a\u2028", "\x01"})
	if err != nil || len(got) != 2 || !slices.Equal(got[0], []float64{1, 2.5}) || !slices.Equal(got[1], []float64{-3}) {
		t.Errorf("%v, %v", got, err)
	}
	want := `/api/embed application/json {"model":"m<","input":["a` + "\u2028" + `","\u0001"],"truncate":false}`
	if *last != want {
		t.Errorf("sent %s", *last)
	}
}

func TestEmbedFailures(t *testing.T) {
	for _, c := range []struct {
		status int
		answer string
		want   string
	}{
		{500, "", "ollama: answered status 500"},
		{500, `{"error":"out of\nmemory"}`, "ollama: answered status 500: out of memory"},
		{404, "", "ollama: answered status 404"},
		{204, "", "ollama: answered status 204"},
		{302, "", "ollama: answered status 302"},
		{200, "", "ollama: answer is malformed"},
		{200, "{", "ollama: answer is malformed"},
		{200, "[]", "ollama: answer is malformed"},
		{200, `{"Embeddings":[]}`, "ollama: answer is malformed"},
		{200, `{"embeddings":{}}`, "ollama: answer is malformed"},
		{200, `{"embeddings":[1]}`, "ollama: answer is malformed"},
		{200, `{"embeddings":[[null]]}`, "ollama: answer is malformed"},
		{200, `{"embeddings":[[NaN]]}`, "ollama: answer is malformed"},
		{200, `{"embeddings":[[1e400]]}`, "ollama: answer is malformed"},
		{200, `{"embeddings":[["1"]]}`, "ollama: answer is malformed"},
	} {
		client, _ := upstream(t, c.status, c.answer)
		if _, err := client.Embed(context.Background(), "m", []string{"a"}); err == nil || err.Error() != c.want {
			t.Errorf("%d %s: %v", c.status, c.answer, err)
		}
	}
}

func TestConnectionFailures(t *testing.T) {
	for answer, want := range map[string]error{
		"":                            ErrInterrupted,
		"HTTP/1.1 200 OK\r\nContent-": ErrInterrupted,
		"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}":                   ErrInterrupted,
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}":     ErrInterrupted,
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n": ErrInterrupted,
		"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}":                   ErrMalformed,
		"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{":                    ErrMalformed,
		"hello\r\n\r\n": ErrInterrupted,
	} {
		if _, err := raw(t, answer).Embed(context.Background(), "m", []string{"a"}); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", answer, err, want)
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	closed := New("http://"+listener.Addr().String(), 0)
	if _, err := closed.Embed(context.Background(), "m", []string{"a"}); !errors.Is(err, ErrConnect) {
		t.Errorf("no listener: %v", err)
	}
}

func TestTimeout(t *testing.T) {
	for _, head := range []bool{false, true} {
		release := make(chan struct{})
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if head {
				w.WriteHeader(200)
				w.(http.Flusher).Flush()
			}
			<-release
		}))
		_, err := New(server.URL, 50*time.Millisecond).Embed(context.Background(), "m", []string{"a"})
		if err == nil || err.Error() != "ollama: timed out after 50 ms" {
			t.Errorf("with the head sent %v: %v", head, err)
		}
		close(release)
		server.Close()
	}
}

func TestChat(t *testing.T) {
	number := func(s string) rawjson.Value {
		v, err := rawjson.Parse([]byte(s), 0)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	const start = `/api/chat application/json {"model":"m","messages":[{"role":"user","content":"a\n"},{"role":"x","content":""}],"stream":false`
	for _, c := range []struct {
		opts Options
		want string
	}{
		{Options{}, `}`},
		{Options{Temperature: number("0.20")}, `,"options":{"temperature":0.20}}`},
		{Options{MaxTokens: 7}, `,"options":{"num_predict":7}}`},
		{Options{Temperature: number("0"), MaxTokens: 512}, `,"options":{"temperature":0,"num_predict":512}}`},
	} {
		client, last := upstream(t, 200, `{"message":{"role":"assistant","content":"hi \ud83d\ude00"}}`)
		reply, err := client.Chat(context.Background(), "m", []Message{{"user", "a\n"}, {"x", ""}}, c.opts)
		if err != nil || reply != (Reply{Text: "hi 😀"}) || *last != start+c.want {
			t.Errorf("%+v, %v, sent %s", reply, err, *last)
		}
	}
	for answer, want := range map[string]Reply{
		`{"message":{"thinking":"no","reasoning_content":"no","content":"a"},"done_reason":"stop"}`: {"a", false},
		`{"done_reason":"leng\u0074h","message":{"content":"a"}}`:                                   {"a", true},
		`{"done_reason":["length"],"message":{"content":"a"}}`:                                      {"a", false},
	} {
		client, _ := upstream(t, 200, answer)
		if reply, err := client.Chat(context.Background(), "m", nil, Options{}); err != nil || reply != want {
			t.Errorf("%s: %+v, %v", answer, reply, err)
		}
	}
	for _, answer := range []string{`{}`, `{"message":"x"}`, `{"message":{"content":null}}`, `x`} {
		client, _ := upstream(t, 200, answer)
		if _, err := client.Chat(context.Background(), "m", nil, Options{}); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %v", answer, err)
		}
	}
}
