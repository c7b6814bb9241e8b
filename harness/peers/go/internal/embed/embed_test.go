package embed

import (
	"context"
	"errors"
	"hash/fnv"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"lakehouse.invalid/peer/internal/ollama"
	"lakehouse.invalid/peer/internal/wire"
)

func TestHashVector(t *testing.T) {
	index := func(feature string) (int, float64) {
		h := fnv.New64a()
		h.Write([]byte(feature))
		if h.Sum64() >= 1<<63 {
			return int(h.Sum64() % 768), -1
		}
		return int(h.Sum64() % 768), 1
	}
	want := make([]float64, 768)
	for feature, weight := range map[string]float64{"w:aé": 4, "g:^aé": 2, "g:aé$": 2, "w:b": 2, "g:^b$": 1} {
		i, sign := index(feature)
		want[i] += sign * weight
	}
	length := norm(want)
	for i := range want {
		want[i] /= length
	}
	if got := hashVector("Aé, b aé!"); !slices.Equal(got, want) {
		t.Error("the vector of two words is wrong")
	}
	for _, s := range []string{"a", "?!", "Forklift Operator, Toledo", "日本語", "A A A A"} {
		v := hashVector(s)
		if n := norm(v); len(v) != 768 || math.Abs(n-1) > 1e-12 {
			t.Errorf("%q: %d components, norm %v", s, len(v), n)
		}
	}
	i, _ := index("t:?!")
	if hashVector("?!")[i] != 1 {
		t.Error("a text without words")
	}
	if !slices.Equal(hashVector("ABC"), hashVector("abc")) || slices.Equal(hashVector("É"), hashVector("é")) {
		t.Error("case")
	}
}

// fake is an upstream that embeds every text as a vector of the text's length.
type fake struct {
	mu    sync.Mutex
	calls []string
	gate  chan struct{}
	err   error
	wrong [][]float64
}

func (f *fake) Embed(_ context.Context, model string, texts []string) ([][]float64, error) {
	f.mu.Lock()
	f.calls = append(f.calls, model+":"+strings.Join(texts, ","))
	f.mu.Unlock()
	if f.gate != nil {
		<-f.gate
	}
	if f.wrong != nil || f.err != nil {
		return f.wrong, f.err
	}
	var vectors [][]float64
	for _, t := range texts {
		vectors = append(vectors, []float64{float64(len(t)), -0.5})
	}
	return vectors, nil
}

func TestRespond(t *testing.T) {
	up := &fake{}
	s := New(up)
	for _, c := range []struct{ body, want string }{
		{`{"texts":["b","aa","b"]}`, `{"model":"nomic-embed-text","dimension":2,"vectors":[[1,-0.5],[2,-0.5],[1,-0.5]]}`},
		{`{"texts":["aa","ccc","dddd"],"model":null}`, `{"model":"nomic-embed-text","dimension":2,"vectors":[[2,-0.5],[3,-0.5],[4,-0.5]]}`},
		{`{"texts":["aa","ccc"]}`, `{"model":"nomic-embed-text","dimension":2,"vectors":[[2,-0.5],[3,-0.5]]}`},
		{`{"texts":["aa"],"model":"m"}`, `{"model":"m","dimension":2,"vectors":[[2,-0.5]]}`},
	} {
		got, err := s.Respond([]byte(c.body), Current)
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %s, %v", c.body, got, err)
		}
	}
	if want := []string{"nomic-embed-text:b,aa", "nomic-embed-text:ccc,dddd", "m:aa"}; !slices.Equal(up.calls, want) {
		t.Errorf("calls %q", up.calls)
	}
	legacy, err := New(nil).Respond([]byte(`{"texts":["?"]}`), Legacy)
	if err != nil || !strings.HasPrefix(string(legacy), `{"model":"hash-768","dimensions":768,"embeddings":[[0,`) {
		t.Errorf("%.80s, %v", legacy, err)
	}
	if _, err := s.Respond([]byte(`{"texts":["?"],"model":"hash-768"}`), Current); err != nil || len(up.calls) != 3 {
		t.Errorf("hash-768 with an upstream: %v", err)
	}
}

func TestRespondRefuses(t *testing.T) {
	for body, want := range map[string]string{
		`{}`:           "missing field `texts`",
		`{"texts":[]}`: "field `texts` must be an array of 1 to 256 strings",
		`{"texts":["a"` + strings.Repeat(`,"a"`, 256) + `]}`: "field `texts` must be an array of 1 to 256 strings",
		`{"texts":["a",1],"model":1}`:                        "field `texts` must be an array of 1 to 256 strings",
		`{"texts":["a"],"model":1}`:                          "field `model` must be a string",
		`{"texts":["a","\u0085\u3000",""],"model":"x"}`:      "text 1 is empty",
		`{"texts":["a"],"model":"x"}`:                        "unknown model `x`",
		`{"texts":["a"],"model":""}`:                         "unknown model ``",
		`{"Texts":["a"]}`:                                    "unknown field `Texts`; expected one of `texts`, `model`",
	} {
		if _, err := New(nil).Respond([]byte(body), Current); err == nil || err.Error() != want {
			t.Errorf("%.60s: %v", body, err)
		}
	}
}

func TestFailuresAreNotKept(t *testing.T) {
	up := &fake{}
	s := New(up)
	respond := func() *wire.Problem {
		_, err := s.Respond([]byte(`{"texts":["a","b"]}`), Current)
		if err == nil {
			return &wire.Problem{Status: 200}
		}
		return wire.AsProblem(err)
	}
	for _, c := range []struct {
		err    error
		wrong  [][]float64
		status int
		detail string
	}{
		{ollama.StatusError{Status: 404, Words: "no model"}, nil, 400, "unknown model `nomic-embed-text`: ollama answered status 404 to `POST /api/embed`: no model"},
		{ollama.StatusError{Status: 500}, nil, 502, "ollama: answered status 500"},
		{ollama.ErrConnect, nil, 502, "ollama: cannot connect"},
		{nil, [][]float64{}, 502, "ollama: answer is malformed"},
		{nil, [][]float64{{1}}, 502, "ollama: answer is malformed"},
		{nil, [][]float64{{}, {}}, 502, "ollama: answer is malformed"},
		{nil, [][]float64{{1}, {1, 2}}, 502, "ollama: answer is malformed"},
		{nil, [][]float64{{1}, {0}}, 502, "ollama: answer is malformed"},
		{nil, nil, 200, ""},
	} {
		up.err, up.wrong = c.err, c.wrong
		if p := respond(); p.Status != c.status || p.Detail != c.detail {
			t.Errorf("%v %v: %d %s", c.err, c.wrong, p.Status, p.Detail)
		}
	}
}

func TestConcurrentMissesShareACall(t *testing.T) {
	for _, failure := range []error{nil, ollama.ErrInterrupted} {
		up := &fake{gate: make(chan struct{}), err: failure}
		s := New(up)
		const n = 20
		results := make(chan error, n)
		for range n {
			go func() {
				_, err := s.Respond([]byte(`{"texts":["a"]}`), Current)
				results <- err
			}()
		}
		// The first request waits until the gate opens; a later one finds the
		// vector in the cache, or asks again after a failure.
		close(up.gate)
		for range n {
			if err := <-results; (err == nil) != (failure == nil) {
				t.Errorf("with failure %v: %v", failure, err)
			}
		}
		if failure == nil && len(up.calls) != 1 {
			t.Errorf("%d calls", len(up.calls))
		}
	}
}

func TestClaimWaits(t *testing.T) {
	c := newCache(1 << 20)
	a, b := key{"p", "m", "a"}, key{"p", "m", "b"}
	_, _, mine := c.claim([]key{a})
	_, waiting, rest := c.claim([]key{a, b})
	if !slices.Equal(mine, []key{a}) || !slices.Equal(rest, []key{b}) || waiting[a] == nil {
		t.Fatal("the claims overlap")
	}
	failure := errors.New("x")
	c.land(mine, nil, failure)
	<-waiting[a].done
	if !errors.Is(waiting[a].err, failure) {
		t.Error("the failure is not shared")
	}
	if _, _, mine = c.claim([]key{a}); len(mine) != 1 {
		t.Error("the failure is kept")
	}
}

func TestCacheIsBounded(t *testing.T) {
	one := entry{key{"p", "m", "a"}, []float64{1}}
	c := newCache(2 * one.size())
	for _, text := range []string{"a", "b", "a", "c"} {
		k := key{"p", "m", text}
		if _, _, mine := c.claim([]key{k}); len(mine) == 1 {
			c.land(mine, [][]float64{{1}}, nil)
		}
	}
	kept, _, _ := c.claim([]key{{"p", "m", "a"}, {"p", "m", "b"}, {"p", "m", "c"}})
	if len(kept) != 2 || kept[key{"p", "m", "b"}] != nil || c.size != 2*one.size() {
		t.Errorf("kept %v, size %d", kept, c.size)
	}
	c.keep(entry{key{"p", "m", "big"}, make([]float64, 1000)})
	if c.recent.Len() != 2 {
		t.Error("an entry larger than the cache drives out the others")
	}
}
