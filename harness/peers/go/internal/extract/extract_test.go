package extract

import (
	"strings"
	"testing"

	"lakehouse.invalid/peer/internal/rawjson"
)

func TestLine(t *testing.T) {
	deep := strings.Repeat(`{"a":`, 129) + "1" + strings.Repeat("}", 129)
	for reply, want := range map[string]string{
		"Here:\n```json\n{\"a\": 1}\n```":             `{"a":1}`,
		"```\n{\"a\":1}\n```":                         `{"a":1}`,
		"{\"first\":1} ```json {\"second\":2}```":     `{"second":2}`,
		"{\"first\":1} ```JSON {\"second\":2}":        `{"second":2}`,
		"{\"first\":1} ```python {\"second\":2}```":   `{"first":1}`,
		"```{\"a\":1}``` ```json{\"b\":2}```":         `{"b":2}`,
		"```json x``` {\"a\":1} ```{\"b\":2}```":      `{"b":2}`,
		"```jsonc {\"a\":1}``` {\"b\":2}":             `{"a":1}`,
		"```json``` {\"a\":1} ```json {\"b\":2} ```":  `{"b":2}`,
		"````json\n{\"a\":1}\n````":                   `{"a":1}`,
		"```json " + deep + "``` ```{\"b\":2}```":     `{"b":2}`,
		"```json " + deep + "``` ```json{\"b\":2}```": `{"b":2}`,
		`{"s":"a } b { c"}`:                           `{"s":"a } b { c"}`,
		`{"a": 1.0, "a": 2}`:                          `{"a":1.0,"a":2}`,
		`{"a":1,}`:                                    "",
		"no braces":                                   "",
		`{'a':1}`:                                     "",
		deep:                                          "",
		`{"n":` + strings.Repeat("9", 5000) + `, "e":1E+05, "u":"\ud800\u0041 x"}`: `{"n":` + strings.Repeat("9", 5000) + `,"e":1E+05,"u":"\ud800\u0041 x"}`,
	} {
		full := `{"matched":false,"value":null}`
		if want != "" {
			full = `{"matched":true,"value":` + want + `}`
		}
		line := rawjson.AppendString(nil, reply)
		if got := string(Line(line, nil)); got != full {
			t.Errorf("%.60q: %.80s, want %.80s", reply, got, full)
		}
	}
}

func TestLineRefuses(t *testing.T) {
	for _, line := range []string{``, `{}`, `"a`, `null`, `"a" "b"`, "\"\xff\"", "\ufeff\"a\""} {
		if got := string(Line([]byte(line), nil)); got != `{"error":"input line is not a JSON string"}` {
			t.Errorf("%q: %s", line, got)
		}
	}
}

func TestReasoning(t *testing.T) {
	for reply, want := range map[string]string{
		"a<think>b</think>c":                         "a c",
		"<THINK>b</Think>c":                          " c",
		"a<think depth=\"2\">b</think\n>c":           "a c",
		"a<seed:think>b</seed:think>c":               "a c",
		"a<thinking>b</thought>c":                    "a c",
		"a<reasoning>b</think>c":                     "a ",
		"a<inner-monologue>b</inner_monologue>c":     "a c",
		"a<think/>b":                                 "a<think/>b",
		"a<think />b":                                "a<think />b",
		"a<thinker>b":                                "a<thinker>b",
		"a<think<think>b":                            "a<think ",
		"b</think>c":                                 " c",
		"b<channel|>c":                               " c",
		"<think>a<think>b</think>c</think>d":         " d",
		"<think>a</think><think>b</think>c":          "  c",
		"a<|think|>b<|/think|>c":                     "a c",
		"a<|think|>b<|end|>c":                        "a c",
		"a<|begin_of_thought|>b<|end_of_thought|>":   "a ",
		"a<|START_THINKING|>b<|END_THINKING|>c":      "a c",
		"a<start_thinking>b":                         "a<start_thinking>b",
		"a[THINK]b[/THINK]c":                         "a c",
		"a[thought]b":                                "a[thought]b",
		"a◁think▷b◁/think▷c":                         "a c",
		"a<|channel>thought\nb<channel|>c":           "a c",
		"a<|end|>b<|channel|> Final b":               "  b",
		"a<|channel|>finally b":                      "a ",
		"<|channel|>commentary<|message|>a<|call|>b": " b",
		"a<|end|>b":                                  "a<|end|>b",
		"<think>a<|end|>b</think>c":                  " c",
		"\n analysisWe need assistantfinal":          " ",
		"analysisWe need<|end|>b":                    " b",
		"analysis we need assistantfinal":            "analysis we need assistantfinal",
		`{"a":"<think>"} b`:                          `{"a":"<think>"} b`,
		`{"a":"</think>"} b`:                         `{"a":"</think>"} b`,
		`{"a":"<think>",} b`:                         `{"a":" `,
	} {
		if got := string(Read(reply).visible); got != want {
			t.Errorf("%q: %q, want %q", reply, got, want)
		}
	}
}
