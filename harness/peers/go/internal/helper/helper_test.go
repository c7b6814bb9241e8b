package helper

import (
	"bytes"
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	echo := func(line, dst []byte) []byte { return append(append(append(dst, '<'), line...), '>') }
	long := strings.Repeat("x", 300<<10)
	for in, want := range map[string]string{
		"":                             "",
		"a":                            "<a>\n",
		"a\n":                          "<a>\n",
		"\n\na\r\n":                    "<>\n<>\n<a\r>\n",
		long + "\nb\n" + long + long:   "<" + long + ">\n<b>\n<" + long + long + ">\n",
		strings.Repeat(long, 8) + "\n": "<" + strings.Repeat(long, 8) + ">\n",
	} {
		var out bytes.Buffer
		if err := Run(strings.NewReader(in), &out, echo); err != nil || out.String() != want {
			t.Errorf("%.20q: %.40q, %v", in, out.String(), err)
		}
	}
}

func TestForSurface(t *testing.T) {
	for surface, want := range map[string]string{
		"extract_json":    `{"error":"input line is not a JSON string"}`,
		"session_log":     `{"error":"input line is not valid JSON"}`,
		"audit_baselines": `{"error":"input line is not valid JSON"}`,
		"validate":        `{"status":400,"body":{"type":"about:blank","title":"Bad Request","status":400,"detail":"request body is not valid JSON"}}`,
	} {
		answer, err := ForSurface(surface, "", "", "")
		if err != nil {
			t.Fatal(err)
		}
		if got := string(answer(nil, nil)); got != want {
			t.Errorf("%s: %s", surface, got)
		}
	}
	if _, err := ForSurface("embed", "", "", ""); err == nil {
		t.Error("a surface without a line form was accepted")
	}
	if _, err := ForSurface("validate", "", "/nonexistent/roster", ""); err == nil {
		t.Error("a missing roster was accepted")
	}
}
