package matrix

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"testing"

	"lakehouse.invalid/peer/internal/embed"
	"lakehouse.invalid/peer/internal/ollama"
)

// picky is an upstream that fails with the status that a text begins with; 0
// is a malformed answer.
type picky struct{ calls []string }

func (p *picky) Embed(_ context.Context, _ string, texts []string) ([][]float64, error) {
	p.calls = append(p.calls, strings.Join(texts, ","))
	var list [][]float64
	for _, text := range texts {
		word, _, _ := strings.Cut(text, " ")
		if status, err := strconv.Atoi(word); err == nil {
			if status == 0 {
				return nil, ollama.ErrMalformed
			}
			return nil, ollama.StatusError{Status: status, Words: "too long"}
		}
		list = append(list, []float64{1, float64(len(text))})
	}
	return list, nil
}

func TestEmbedBatch(t *testing.T) {
	model := "m"
	for _, c := range []struct {
		texts    string
		rejected []int
		err      string
	}{
		{"a,b,400 c,d,e", []int{2}, ""},
		{"413 a,422 b,400 c", []int{0, 1, 2}, ""},
		{"a,500 b", []int{1}, ""},
		{"500 a,b", []int{0}, ""},
		{"a,0 b,500 c,400 d,e", []int{1, 2, 3}, ""},
		{"500 a,500 b,c,d", []int{0, 1}, ""},
		{"500 a", nil, "ollama: answered status 500: too long"},
		{"0 a", nil, "ollama: answer is malformed"},
		{"400 a,500 b", nil, "ollama: answered status 400: too long"},
		{"500 a,500 b,500 c,d", nil, "ollama: answered status 500: too long"},
		{"a,503 b", nil, "ollama: answered status 503: too long"},
	} {
		upstream := &picky{}
		s := Service{Embed: embed.New(upstream)}
		texts := strings.Split(c.texts, ",")
		list, failures, err := s.embedBatch(&model, texts)
		var rejected []int
		for i, failure := range failures {
			if failure != nil {
				rejected = append(rejected, i)
			} else if len(list[i].Components) != 2 {
				t.Errorf("%s: no vector for %s", c.texts, texts[i])
			}
		}
		if (err == nil) != (c.err == "") || err != nil && err.Error() != c.err || !slices.Equal(rejected, c.rejected) {
			t.Errorf("%s: %v, %v", c.texts, rejected, err)
		}
		if c.texts == "a,b,400 c,d,e" && strings.Join(upstream.calls, ";") != "a,b,400 c,d,e;a,b,400 c;a,b;400 c;d,e" {
			t.Errorf("calls %q", upstream.calls)
		}
	}
}
