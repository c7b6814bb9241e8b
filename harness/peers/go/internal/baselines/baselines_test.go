package baselines

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lakehouse.invalid/peer/internal/rawjson"
)

// entry returns an entry whose metrics are all n.
func entry(n string) string {
	var metrics []string
	for _, name := range metricNames {
		metrics = append(metrics, fmt.Sprintf("%q:%s", name, n))
	}
	return `{"recorded_at":"2026-05-02T07:53:54Z","git_commit":"abc","metrics":{` + strings.Join(metrics, ",") + `},"x":[1.0]}`
}

func quoted(s string) string { return string(rawjson.AppendString(nil, s)) }

func TestLine(t *testing.T) {
	one, two := entry("1"), entry("2e0")
	spaced := strings.NewReplacer(":1", " : 1", ",", ", ").Replace(one)
	deep := strings.Replace(one, "[1.0]", strings.Repeat("[", 128)+strings.Repeat("]", 128), 1)
	for in, want := range map[string]string{
		`{"op":"last","log":""}`: `{"baseline":null,"entries":0}`,
		`{"op":"last","log":` + quoted("\r\n"+one+"\n\n \t\r\n"+spaced) + `}`:   `{"baseline":` + one + `,"entries":2}`,
		`{"op":"append","log":"","baseline":` + spaced + `}`:                    `{"log":` + quoted(one+"\n") + `}`,
		`{"op":"append","log":` + quoted(spaced) + `,"baseline":` + two + `}`:   `{"log":` + quoted(spaced+"\n"+two+"\n") + `}`,
		`{"baseline":` + two + `,"log":` + quoted(one+"\n") + `,"op":"append"}`: `{"log":` + quoted(one+"\n"+two+"\n") + `}`,
		`{"op":"round_trip","log":` + quoted("\n"+spaced+"\r\n\t\n"+two) + `}`:  `{"log":` + quoted(one+"\n"+two+"\n") + `}`,
		``: `{"error":"input line is not valid JSON"}`,
		strings.Repeat("[", 131) + strings.Repeat("]", 131): `{"error":"input nests deeper than 130 levels"}`,
		`[]`:                                                  `{"error":"input must be a JSON object"}`,
		`{"Op":"last"}`:                                       "{\"error\":\"missing field `op`\"}",
		`{"op":null,"x":1}`:                                   "{\"error\":\"field `op` must be one of `last`, `append`, `round_trip`, `drift`\"}",
		`{"z":1,"op":"last","baseline":1}`:                    "{\"error\":\"unknown field `z`\"}",
		`{"op":"last","baseline":1}`:                          "{\"error\":\"unknown field `baseline`\"}",
		`{"op":"append","baseline":1}`:                        "{\"error\":\"missing field `log`\"}",
		`{"op":"append","log":null}`:                          "{\"error\":\"field `log` must be a string\"}",
		`{"op":"append","log":"x"}`:                           "{\"error\":\"missing field `baseline`\"}",
		`{"op":"append","log":"x","baseline":1}`:              `{"error":"baseline: not a JSON object"}`,
		`{"op":"drift","to":1}`:                               "{\"error\":\"missing field `from`\"}",
		`{"op":"drift","from":1,"to":1}`:                      `{"error":"from: not a JSON object"}`,
		`{"op":"drift","from":` + one + `,"to":` + deep + `}`: `{"error":"to: nests deeper than 128 levels"}`,
		`{"op":"last","log":` + quoted("\n"+one+"\nx") + `}`:  `{"error":"line 3: not valid JSON"}`,
		`{"op":"last","log":` + quoted(one+"\n"+deep) + `}`:   `{"error":"line 2: nests deeper than 128 levels"}`,
		`{"op":"round_trip","log":"\f"}`:                      `{"error":"line 1: not valid JSON"}`,
		`{"op":"last","log":` + quoted(strings.Replace(one, `"abc"`, `""`, 1)) + `}`:       "{\"error\":\"line 1: field `git_commit` must be a string that is not empty\"}",
		`{"op":"last","log":` + quoted(strings.Replace(one, `54Z`, `54z`, 1)) + `}`:        "{\"error\":\"line 1: field `recorded_at` must be an RFC 3339 time\"}",
		`{"op":"last","log":` + quoted(strings.Replace(one, `"metrics"`, `"m"`, 1)) + `}`:  "{\"error\":\"line 1: missing field `metrics`\"}",
		`{"op":"last","log":` + quoted(strings.Replace(one, `"p3_human"`, `"x"`, 1)) + `}`: "{\"error\":\"line 1: missing metric `p3_human`\"}",
		`{"op":"last","log":` + quoted(entry("-1")) + `}`:                                  "{\"error\":\"line 1: metric `p2_evidence_rows` must be an integer of at least 0\"}",
	} {
		if got := string(Line([]byte(in), nil, "")); got != want {
			t.Errorf("%s:\n got %s\nwant %s", in, got, want)
		}
	}
}

func TestDrift(t *testing.T) {
	got := string(Line([]byte(`{"op":"drift","from":`+entry("12.0")+`,"to":`+entry("82")+`}`), nil, ""))
	row := `{"metric":"p2_evidence_rows","from":12,"to":82,"change_percent":583.33,"verdict":"warn"}`
	if !strings.HasPrefix(got, `{"rows":[`+row+`,{"metric":"p2_evidence_skips"`) || !strings.HasSuffix(got, `],"warnings":10}`) {
		t.Error(got)
	}
}

func TestChangePercent(t *testing.T) {
	const most = rawjson.MaxInteger
	for _, c := range []struct {
		from, to int64
		want     string
		warns    bool
	}{
		{0, 0, "0.00", false}, {0, 1, "null", true}, {1, 0, "-100.00", true}, {8, 7, "-12.50", false},
		{10, 12, "20.00", false}, {10, 8, "-20.00", false}, {100000, 120001, "20.00", true},
		{20000, 20001, "0.01", false}, {20000, 19999, "-0.01", false}, {20001, 20000, "0.00", false}, {20001, 20002, "0.00", false},
		{most, most - 1, "0.00", false}, {1, most, "900719925474099000.00", true}, {3, most, "300239975158032933.33", true},
		{most, 0, "-100.00", true},
	} {
		if got := changePercent(c.from, c.to); got != c.want || warns(c.from, c.to) != c.warns {
			t.Errorf("from %d to %d: %s, %v", c.from, c.to, got, warns(c.from, c.to))
		}
	}
}

func TestFile(t *testing.T) {
	root := t.TempDir()
	path := filepath.Join(root, "data", "_kb", "audit_baselines.jsonl")
	one := entry("1")
	for _, c := range []struct{ in, want string }{
		{`{"op":"last"}`, `{"baseline":null,"entries":0}`},
		{`{"op":"append","baseline":{}}`, "{\"error\":\"baseline: missing field `recorded_at`\"}"},
		{`{"op":"append","baseline":` + one + `}`, `{"entries":1}`},
		{`{"op":"append","baseline":` + one + `}`, `{"entries":2}`},
		{`{"op":"round_trip"}`, `{"log":` + quoted(one+"\n"+one+"\n") + `}`},
		{`{"op":"last","log":""}`, "{\"error\":\"unknown field `log`\"}"},
	} {
		if got := string(Line([]byte(c.in), nil, root)); got != c.want {
			t.Errorf("%s: %s", c.in, got)
		}
	}
	if err := os.WriteFile(path, []byte(one+"\n \xff\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := string(Line([]byte(`{"op":"last"}`), nil, root)); got != `{"error":"log is not valid UTF-8"}` {
		t.Error(got)
	}
	if err := os.WriteFile(path, []byte(one), 0o644); err != nil {
		t.Fatal(err)
	}
	Line([]byte(`{"op":"append","baseline":`+one+`}`), nil, root)
	if got, err := os.ReadFile(path); err != nil || string(got) != one+"\n"+one+"\n" {
		t.Errorf("%s, %v", got, err)
	}
}

func TestFileWithARest(t *testing.T) {
	root := t.TempDir()
	path := logPath(root)
	one := entry("1")
	add := []byte(`{"op":"append","baseline":` + one + `}`)
	Line(add, nil, root)
	for _, c := range []struct{ content, last, appended, after string }{
		{one + "\n" + one[:40], `"entries":1}`, `{"entries":2}`, one + "\n" + one + "\n"},
		{one + "\n\"\xe2\x82", `"entries":1}`, `{"entries":2}`, one + "\n" + one + "\n"},
		{one[:1], `{"baseline":null,"entries":0}`, `{"entries":1}`, one + "\n"},
		{one + "\n \t", `"entries":1}`, `{"entries":2}`, one + "\n \t\n" + one + "\n"},
		{one + "\n{}", "{\"error\":\"line 2: missing field `recorded_at`\"}", "{\"error\":\"line 2: missing field `recorded_at`\"}", one + "\n{}"},
		{one[:40] + "\n", `{"error":"line 1: not valid JSON"}`, `{"error":"line 1: not valid JSON"}`, one[:40] + "\n"},
		{"\xff\n{", `{"error":"log is not valid UTF-8"}`, `{"error":"log is not valid UTF-8"}`, "\xff\n{"},
	} {
		if err := os.WriteFile(path, []byte(c.content), 0o644); err != nil {
			t.Fatal(err)
		}
		if got := string(Line([]byte(`{"op":"last"}`), nil, root)); !strings.HasSuffix(got, c.last) {
			t.Errorf("%q: %s", c.content, got)
		}
		if got := string(Line(add, nil, root)); got != c.appended {
			t.Errorf("%q: %s", c.content, got)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != c.after {
			t.Errorf("%q: %q, %v", c.content, got, err)
		}
	}
}
