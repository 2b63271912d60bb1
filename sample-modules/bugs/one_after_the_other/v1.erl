%% clerk, version 1: counts those that it has served. It takes a while each.
%%
%% With a bug: it does nothing else meanwhile, and an upgrade waits for one such clerk after
%% the other (C8). Its correct twin is twin_v1.erl.
%%
%% erlang/otp#11001.
-module(clerk).
-vsn("1").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2]).

%% How long it takes to serve somebody, in milliseconds.
-define(TAKES, 60000).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) -> {ok, #{served => 0}}.

handle_call(served, _, #{served := Served} = State) -> {reply, Served, State}.

handle_cast(serve, #{served := Served} = State) ->
    receive wake -> ok after ?TAKES -> ok end,
    {noreply, State#{served := Served + 1}}.
