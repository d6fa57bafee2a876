/** ONNX Runtime: sessions, their options, and the devices that compute. The only package that knows the library. */
package dev.cloze.onnx;
