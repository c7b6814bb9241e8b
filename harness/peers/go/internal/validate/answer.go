package validate

import (
	"strconv"
	"time"

	"lakehouse.invalid/peer/internal/roster"
	"lakehouse.invalid/peer/internal/wire"
)

// Respond checks the artifact in a request body and returns the answer's
// status and body. Its errors are problems.
func Respond(body []byte, all bool, workers *roster.Roster) (int, []byte, error) {
	start := time.Now()
	req, err := ReadRequest(body)
	if err != nil {
		return 0, nil, err
	}
	result := Check(req, workers)
	var out []byte
	switch {
	case len(result.Failures) == 0:
		out = append(out, `{"kind":"`...)
		out = append(out, req.Kind...)
		out = append(out, `","findings":`...)
		out = AppendFindings(out, result.Findings)
		out = append(out, `,"elapsed_ms":`...)
		out = strconv.AppendFloat(out, float64(time.Since(start).Microseconds())/1000, 'f', 3, 64)
		return 200, append(out, '}'), nil
	case all:
		out = append(out, `{"failures":`...)
		out = AppendFailures(out, result.Failures)
		return 422, append(out, '}'), nil
	}
	return 422, result.Failures[0].AppendJSON(out), nil
}

// Line answers one line of the helper.
func Line(line, dst []byte, workers *roster.Roster) []byte {
	status, body, err := Respond(line, false, workers)
	if err != nil {
		p := wire.AsProblem(err)
		status, body = p.Status, p.AppendJSON(nil, "")
	}
	dst = append(dst, `{"status":`...)
	dst = strconv.AppendInt(dst, int64(status), 10)
	dst = append(dst, `,"body":`...)
	dst = append(dst, body...)
	return append(dst, '}')
}
