package ollama

import (
	"strings"
	"testing"
)

func TestWords(t *testing.T) {
	for body, want := range map[string]string{
		`{"error":"out of memory"}`:                      "out of memory",
		`{"error":{"message":"no such model","code":7}}`: "no such model",
		`{"error":{"code":7},"message":"m"}`:             "m",
		`{"message":"m","detail":"d"}`:                   "m",
		`{"error":null,"detail":"d"}`:                    "d",
		`{"error":"a","error":" b\r\n\u0000\tc\u3000"}`:  "b c",
		`{"error":["a"]}`:                                "",
		`["a"]`:                                          "",
		`"a"`:                                            "",
		"404 page not found\n":                           "404 page not found",
		`{"error":"a"`:                                   `{"error":"a"`,
		" \n<html>gone</html>":                           "",
		"\xff":                                           "",
		"":                                               "",
		"\u0085é\u009f\u00a0ü":                           "é ü",
		strings.Repeat("é", 200):                         strings.Repeat("é", 200),
		strings.Repeat("é", 201):                         strings.Repeat("é", 199) + "…",
		strings.Repeat("[", 129) + strings.Repeat("]", 129): "",
	} {
		if got := words([]byte(body)); got != want {
			t.Errorf("%.60q: %q", body, got)
		}
	}
}
