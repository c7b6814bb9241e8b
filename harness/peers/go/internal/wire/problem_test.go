package wire

import (
	"errors"
	"strings"
	"testing"
)

func TestReadObject(t *testing.T) {
	known := []string{"a", "b"}
	deep := func(n int) string {
		return `{"a":` + strings.Repeat("[", n-1) + strings.Repeat("]", n-1) + `}`
	}
	for _, c := range []struct {
		body   string
		status int
		detail string
	}{
		{`{"a":1}`, 0, ""},
		{deep(128), 0, ""},
		{`"` + strings.Repeat("x", MaxBody-1) + `"`, 413, "request body is larger than 1048576 bytes"},
		{`"` + strings.Repeat("x", MaxBody-2) + `"`, 400, "request body must be a JSON object"},
		{"{\"a\":\"\xff\"", 400, "request body is not valid UTF-8"},
		{"", 400, "request body is not valid JSON"},
		{deep(129) + ",", 400, "request body is not valid JSON"},
		{deep(129), 400, "request body nests deeper than 128 levels"},
		{"[]", 400, "request body must be a JSON object"},
		{`{"a":1,"\u0041\n":1,"z":1}`, 400, "unknown field `A\n`; expected one of `a`, `b`"},
	} {
		_, err := ReadObject([]byte(c.body), known)
		if c.status == 0 {
			if err != nil {
				t.Errorf("%.40q: %v", c.body, err)
			}
			continue
		}
		p := AsProblem(err)
		if p.Status != c.status || p.Detail != c.detail {
			t.Errorf("%.40q: %d %q", c.body, p.Status, p.Detail)
		}
	}
}

func TestProblemJSON(t *testing.T) {
	p := &Problem{413, "a \"b\" <c>"}
	want := `{"type":"about:blank","title":"Content Too Large","status":413,"detail":"a \"b\" <c>","trace_id":"t-1"}`
	if got := string(p.AppendJSON(nil, "t-1")); got != want {
		t.Error(got)
	}
	want = strings.Replace(want, `,"trace_id":"t-1"`, "", 1)
	if got := string(p.AppendJSON(nil, "")); got != want {
		t.Error(got)
	}
	if got := AsProblem(errors.New("x")); got.Status != 400 || got.Detail != "x" {
		t.Errorf("%+v", got)
	}
}
