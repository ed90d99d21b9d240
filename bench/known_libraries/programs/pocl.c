// SPDX-License-Identifier: Apache-2.0
// A queue that is finished, without its release.
//! library: PoCL (OpenCL)
//! packages: pocl-opencl-icd ocl-icd-opencl-dev opencl-c-headers
//! flags: -lOpenCL
#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>

int main(void) {
  cl_platform_id platform;
  cl_device_id device;
  if (clGetPlatformIDs(1, &platform, NULL) != 0) return 1;
  if (clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, 1, &device, NULL) != 0) return 2;
  cl_context context = clCreateContext(NULL, 1, &device, NULL, NULL, NULL);
  cl_command_queue queue = clCreateCommandQueue(context, device, 0, NULL);
  cl_mem memory = clCreateBuffer(context, CL_MEM_READ_WRITE, 4096, NULL, NULL);
  const cl_int zero = 0;
  if (clEnqueueFillBuffer(queue, memory, &zero, sizeof zero, 0, 4096, 0, NULL, NULL) != 0) return 3;
  if (clFinish(queue) != 0) return 4;
#ifdef ENDED
  clReleaseMemObject(memory);
  clReleaseCommandQueue(queue);
  clReleaseContext(context);
#endif
  return 0;
}
