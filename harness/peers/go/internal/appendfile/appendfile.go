// Package appendfile adds lines to files that several programs write to.
package appendfile

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Line appends a line to the file at path, as Append does. It creates the file
// and its folders as needed.
func Line(path string, line []byte) error {
	f, err := Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Append(line), f.Close())
}

// File is a file of lines, locked against other writers until Close.
type File struct {
	file  *os.File
	isNew bool
}

// Open locks the file at path once no other program holds the lock. It creates
// the file and its folders as needed.
func Open(path string) (*File, error) {
	const flags = os.O_RDWR | os.O_APPEND
	f := &File{}
	var err error
	f.file, err = os.OpenFile(path, flags, 0)
	if errors.Is(err, fs.ErrNotExist) {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return nil, err
		}
		f.isNew = true
		f.file, err = os.OpenFile(path, flags|os.O_CREATE, 0o644)
	}
	if err != nil {
		return nil, err
	}
	for {
		err = syscall.Flock(int(f.file.Fd()), syscall.LOCK_EX)
		if err != syscall.EINTR {
			break
		}
	}
	if err != nil {
		f.file.Close()
		return nil, &fs.PathError{Op: "lock", Path: path, Err: err}
	}
	return f, nil
}

// Close releases the lock.
func (f *File) Close() error { return f.file.Close() }

// Read returns the content.
func (f *File) Read() ([]byte, error) {
	if _, err := f.file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	return io.ReadAll(f.file)
}

// Truncate shortens the file to its first bytes.
func (f *File) Truncate(size int64) error { return f.file.Truncate(size) }

// Append adds a line and its line feed with one write, so that data of a writer
// without a lock cannot come between. A last line without a line feed gets one
// first. The line is on the disk on return; after an error, the file is as it
// was.
func (f *File) Append(line []byte) error {
	before, err := f.size()
	if err != nil {
		return err
	}
	terminated, err := f.isTerminated(before)
	if err != nil {
		return err
	}
	var addition []byte
	if !terminated {
		addition = append(addition, '\n')
	}
	addition = append(append(addition, line...), '\n')
	written, err := f.writeOnce(addition)
	if err == nil {
		err = f.sync()
	}
	if err == nil {
		return nil
	}
	// A writer without a lock may have added something behind the rest.
	if after, sizeErr := f.size(); written > 0 && sizeErr == nil && after == before+int64(written) {
		err = errors.Join(err, f.Truncate(before))
	}
	return err
}

// writeOnce makes one system call, where os.File.Write would continue after a
// short one.
func (f *File) writeOnce(data []byte) (int, error) {
	for {
		written, err := syscall.Write(int(f.file.Fd()), data)
		switch {
		case err == syscall.EINTR:
			continue
		case err != nil:
			return 0, &fs.PathError{Op: "write", Path: f.file.Name(), Err: err}
		case written < len(data):
			return written, io.ErrShortWrite
		}
		return written, nil
	}
}

func (f *File) isTerminated(size int64) (bool, error) {
	if size == 0 {
		return true, nil
	}
	var last [1]byte
	_, err := f.file.ReadAt(last[:], size-1)
	return last[0] == '\n', err
}

func (f *File) size() (int64, error) {
	info, err := f.file.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// sync makes the content durable, and the name of a new file.
func (f *File) sync() error {
	if err := f.file.Sync(); err != nil || !f.isNew {
		return err
	}
	folder, err := os.Open(filepath.Dir(f.file.Name()))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
